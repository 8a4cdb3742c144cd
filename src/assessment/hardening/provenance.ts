import { isBartizanError } from '../../base/errors.ts'
import type { Hardening } from '../../contract/index.ts'
import { statInput } from '../../data/files.ts'
import { splitPart } from '../../data/open.ts'
import { dataDigest } from '../../evidence/datasets/index.ts'
import type { Statement } from '../../evidence/index.ts'
import { readStoredRecords } from '../../evidence/lineage/index.ts'
import { provenanceType, runDigest, type TrainingInput, trainingProvenance } from '../../evidence/slsa/index.ts'
import { engineVersion } from '../../onnx/engine-version.ts'
import type { HardenRequest, NamedRows } from './request.ts'

type Files = Hardening['data']['training' | 'assessment']

const inputOf = ({ path, sha256 }: { readonly path: string; readonly sha256: string }): TrainingInput => ({
  name: path,
  digest: { sha256 },
})

/** Of a folder the digest by which `data record` knows it, so that its lineage goes on here; a link in it has none. */
const rowsInput = async ({ path }: NamedRows, info: Files): Promise<TrainingInput> => {
  const { file } = await splitPart(path)
  if (!(await statInput(file)).isDirectory()) return inputOf(info)
  try {
    return inputOf({ path: info.path, sha256: await dataDigest(file) })
  } catch (error) {
    if (!isBartizanError(error)) throw error
    return inputOf(info)
  }
}

const inputsOf = async (rows: NamedRows, info: Files): Promise<readonly TrainingInput[]> => [
  await rowsInput(rows, info),
  ...(info.labels === undefined || info.labels.path === info.path ? [] : [inputOf(info.labels)]),
]

/** SLSA provenance of a run: the new model, and the data, base model and settings that it is made of. */
export const hardeningProvenance = async (
  result: Omit<Hardening, 'evidence'>,
  { command, settings, data, test, named, threads, validated = [] }: HardenRequest,
): Promise<Statement> => {
  const { model, params, timing, tool } = result
  const { training, assessment } = result.data
  const startedOn = new Date(timing.startedAt)
  return trainingProvenance({
    outputs: [{ name: model.after.path, digest: { sha256: model.after.sha256 } }],
    command,
    parameters: settings,
    internalParameters: {
      params,
      threads,
      rows: { training: training.contentSha256, assessment: assessment.contentSha256 },
    },
    dataSets: await inputsOf(data, training),
    ...(test && { assessmentSets: await inputsOf(test, assessment) }),
    ...(model.before.architecture === undefined && { baseModel: inputOf(model.before) }),
    validations: validated.map(({ evidence }) => inputOf({ ...evidence, path: named(evidence.path) })),
    versions: { [tool.name]: tool.version, node: process.versions.node, onnxruntime: engineVersion() },
    execution: { startedOn, finishedOn: new Date(startedOn.getTime() + 1000 * timing.seconds) },
  })
}

/**
 * The same run as it was recorded before, if that is the last word on its model: one that was killed just after it was
 * recorded, and is gone on with, is recorded once.
 */
export const recordedProvenance = (root: string, provenance: Statement): Statement | undefined => {
  const verified = readStoredRecords(root).flatMap(({ problem, statement }) =>
    problem === undefined ? [statement] : [],
  )
  const last = new Map(verified.flatMap(({ subject }) => subject.map(({ name, digest }) => [name, digest.sha256])))
  if (provenance.subject.some(({ name, digest }) => last.get(name) !== digest.sha256)) return undefined
  const wanted = runDigest(provenance)
  return verified.findLast(
    (statement) => statement.predicateType === provenanceType && runDigestIn(statement) === wanted,
  )
}

/** Undefined for the provenance of another producer that is none. */
const runDigestIn = (statement: Statement): string | undefined => {
  try {
    return runDigest(statement)
  } catch (error) {
    if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
    return undefined
  }
}
