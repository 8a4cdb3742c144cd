export { type Dependency, type Provenance, provenanceType, readProvenance } from './provenance.ts'
export {
  localBuilderId,
  runDigest,
  type TrainingInput,
  type TrainingRole,
  type TrainingRun,
  trainingBuildType,
  trainingProvenance,
} from './training-run.ts'
