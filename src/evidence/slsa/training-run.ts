import { canonicalJson, sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { sha256Schema } from '../../contract/index.ts'
import { createStatement, type Statement, type Subject } from '../statement.ts'
import { checkProvenance, type Dependency, provenanceType, readProvenance } from './provenance.ts'

/** Build type of a training run: how to read its parameters and dependencies. */
export const trainingBuildType = 'https://bartizan.dev/training/v1'
/** Who runs it: this program on the user's machine, which vouches for no isolation (SLSA Build level 1 at most). */
export const localBuilderId = 'https://bartizan.dev/builder/local/v1'

/** Something that a run read, by name and digest. */
export interface TrainingInput {
  readonly name: string
  readonly digest: { readonly sha256: string }
  readonly uri?: string
}

export interface TrainingRun {
  /** The models that came out. */
  readonly outputs: readonly Subject[]
  /** Name of the command, e.g. "harden". */
  readonly command: string
  /** Everything that the user set: JSON values, seed included. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** What the user did not set and the result depends on, e.g. the resolved defaults. */
  readonly internalParameters?: Readonly<Record<string, unknown>>
  readonly dataSets: readonly TrainingInput[]
  /** Data that the result was only assessed on: nothing of it is in the model. */
  readonly assessmentSets?: readonly TrainingInput[]
  /** Signed results on which a gate let the data through. */
  readonly validations?: readonly TrainingInput[]
  /** The model that training began with; none for one trained from scratch. */
  readonly baseModel?: TrainingInput
  /** The lock file of the packages that ran. */
  readonly packageLock?: TrainingInput
  /** Versions of what ran, by name: bartizan, onnxruntime, node. */
  readonly versions: Readonly<Record<string, string>>
  /** Files beside the output that explain it, e.g. the report. */
  readonly byproducts?: readonly TrainingInput[]
  /** This execution; without it, the same run gives the same bytes. */
  readonly execution?: {
    readonly invocationId?: string
    readonly startedOn?: Date
    readonly finishedOn?: Date
  }
}

/** What a run read a dependency for; of the first two the model is made. */
export type TrainingRole = 'data' | 'base-model' | 'assessment-data' | 'validation' | 'package-lock'

/** Roles tell dependencies apart, as an annotation that others may ignore. */
const dependency = ({ name, digest, uri }: TrainingInput, role: TrainingRole | 'byproduct'): Dependency => {
  if (!sha256Schema.safeParse(digest.sha256).success)
    throw new BartizanError('EVIDENCE_INVALID', `"${digest.sha256}" is no SHA-256 of ${name}`, { data: { name } })
  return { name, digest, ...(uri !== undefined && { uri }), annotations: { role } }
}

/**
 * SLSA provenance v1 of a training run: which models came out of which command with which parameters, from which data,
 * base model and packages. Throws EVIDENCE_INVALID on a wrong digest and where nothing came out.
 */
export const trainingProvenance = (run: TrainingRun): Statement => {
  const { outputs, command, parameters, internalParameters, dataSets, baseModel, packageLock, execution } = run
  if (dataSets.length === 0)
    throw new BartizanError('EVIDENCE_INVALID', 'the provenance of a training run names the data that it read')
  const resolvedDependencies = [
    ...dataSets.map((input) => dependency(input, 'data')),
    ...(baseModel === undefined ? [] : [dependency(baseModel, 'base-model')]),
    ...(run.assessmentSets ?? []).map((input) => dependency(input, 'assessment-data')),
    ...(run.validations ?? []).map((input) => dependency(input, 'validation')),
    ...(packageLock === undefined ? [] : [dependency(packageLock, 'package-lock')]),
  ]
  const metadata = {
    ...(execution?.invocationId !== undefined && { invocationId: execution.invocationId }),
    ...(execution?.startedOn && { startedOn: execution.startedOn.toISOString() }),
    ...(execution?.finishedOn && { finishedOn: execution.finishedOn.toISOString() }),
  }
  const predicate = {
    buildDefinition: {
      buildType: trainingBuildType,
      externalParameters: { command, parameters },
      ...(internalParameters !== undefined && { internalParameters }),
      resolvedDependencies,
    },
    runDetails: {
      builder: { id: localBuilderId, version: run.versions },
      ...(Object.keys(metadata).length > 0 && { metadata }),
      ...(run.byproducts !== undefined && {
        byproducts: run.byproducts.map((input) => dependency(input, 'byproduct')),
      }),
    },
  }
  checkProvenance(predicate)
  return createStatement({ subject: outputs, predicateType: provenanceType, predicate })
}

/**
 * SHA-256 of what a provenance says but for its times: what went in, with what parameters, on what builder, and what
 * came out. Two executions of the same run have the same one. Throws EVIDENCE_INVALID where it is no provenance.
 */
export const runDigest = (statement: Statement): string => {
  const { buildDefinition, runDetails } = readProvenance(statement)
  return sha256(canonicalJson({ subject: statement.subject, buildDefinition, builder: runDetails.builder }))
}
