export { type Dependency, type Provenance, provenanceType, readProvenance } from './provenance.ts'
export {
  localBuilderId,
  type TrainingInput,
  type TrainingRun,
  trainingBuildType,
  trainingProvenance,
} from './training-run.ts'
