import { z } from 'zod'
import { isBartizanError } from '../../base/errors.ts'
import type { ArtefactKind, DataRecord } from '../../contract/data-record.ts'
import { sha256Schema } from '../../contract/index.ts'
import { type Measurement, measurementType, readMeasurement } from '../measurement.ts'
import type { Statement, Subject } from '../statement.ts'
import { dataRecordType, readDataRecord } from './data-record.ts'

/** An artefact as one record names it. All of its digests stand for the same thing. */
export interface Reference {
  readonly name: string
  readonly kind: ArtefactKind
  /** Of the whole, and of the manifest and its root, as far as they are told. */
  readonly sha256?: string
  readonly root?: string
  readonly manifest?: string
}

/** What one record says, in the words of the graph. */
export interface LineageEvent {
  readonly title: string
  readonly inputs: readonly Reference[]
  readonly outputs: readonly Reference[]
  /** Records of one group are one node; those without stand alone. */
  readonly group?: string
  readonly record?: DataRecord
}

const isModelName = (name: string): boolean => /\.(onnx|pt|pth|safetensors|h5|keras|joblib|pkl)$/i.test(name)

const referenceTo = ({ name, digest }: Subject, kind?: ArtefactKind): Reference => ({
  name,
  sha256: digest.sha256,
  kind: kind ?? (isModelName(name) ? 'model' : 'data'),
})

const fromDataRecord = (statement: Statement): LineageEvent => {
  const record = readDataRecord(statement)
  const manifests = new Map(
    record.commitments.map(({ manifest, ...commitment }) => [manifest.digest.sha256, commitment]),
  )
  const commitments = new Map(record.commitments.map((commitment) => [commitment.name, commitment]))
  const subjects = statement.subject.filter(({ digest }) => !manifests.has(digest.sha256))
  const committed = (name: string) => {
    const found = commitments.get(name)
    return found && { root: found.root, manifest: found.manifest.digest.sha256 }
  }
  const grown = record.commitments
    .filter(({ name }) => !subjects.some((subject) => subject.name === name))
    .map(({ name }) => ({ name, kind: record.kind, ...committed(name) }))
  return {
    title: record.step,
    inputs: record.materials.map((material) => referenceTo(material)),
    outputs: [
      ...subjects.map((subject) => ({ ...referenceTo(subject, record.kind), ...committed(subject.name) })),
      ...grown,
    ],
    record,
  }
}

const measured = (subjects: readonly Subject[], { claim, method }: Measurement): LineageEvent => {
  // harden and train name the model before, the model after, then the rows.
  const [before, after, ...rows] = subjects
  if (claim === 'hardening' && before !== undefined && after !== undefined)
    return {
      title: `harden: ${method.id}`,
      inputs: [before, ...rows].map((subject) => referenceTo(subject)),
      outputs: [referenceTo(after, 'model')],
    }
  const about = subjects.map(({ digest }) => digest.sha256)
  return {
    title: `measured ${claim}`,
    inputs: subjects.map((subject) => referenceTo(subject)),
    outputs: [],
    group: `measured ${about.join(' ')}`,
  }
}

const descriptorSchema = z.looseObject({
  name: z.string().optional(),
  uri: z.string().optional(),
  digest: z.looseObject({ sha256: sha256Schema }),
})

const slsaSchema = z.looseObject({
  buildDefinition: z.looseObject({
    buildType: z.string(),
    resolvedDependencies: z.array(z.unknown()).optional(),
  }),
})

const linkSchema = z.looseObject({ name: z.string(), materials: z.array(z.unknown()) })

const references = (descriptors: readonly unknown[]): readonly Reference[] =>
  descriptors.flatMap((descriptor) => {
    const parsed = descriptorSchema.safeParse(descriptor)
    if (!parsed.success) return []
    const { name, uri, digest } = parsed.data
    return [referenceTo({ name: name ?? uri ?? digest.sha256, digest })]
  })

/** SLSA provenance v1 and in-toto links: what was made of what. */
const fromOthers = ({ subject, predicateType, predicate }: Statement): LineageEvent => {
  const outputs = subject.map((each) => referenceTo(each))
  const slsa = predicateType === 'https://slsa.dev/provenance/v1' ? slsaSchema.safeParse(predicate) : undefined
  if (slsa?.success) {
    const { buildType, resolvedDependencies = [] } = slsa.data.buildDefinition
    return { title: `built: ${lastPart(buildType)}`, inputs: references(resolvedDependencies), outputs }
  }
  const link = predicateType.startsWith('https://in-toto.io/attestation/link/')
    ? linkSchema.safeParse(predicate)
    : undefined
  if (link?.success) return { title: link.data.name, inputs: references(link.data.materials), outputs }
  // Whatever else is stated about an artefact hangs on it, and makes nothing.
  return { title: statedAs(predicateType), inputs: outputs, outputs: [] }
}

const parts = (uri: string): readonly string[] => uri.split(/[/#?]/).filter((part) => part !== '')
const lastPart = (uri: string): string => parts(uri).at(-1) ?? uri

/** "https://in-toto.io/attestation/test-result/v0.1" is a test-result. */
const statedAs = (uri: string): string =>
  parts(uri)
    .filter((part) => !/^v?\d[\d.]*$/.test(part))
    .at(-1) ?? uri

/** What a statement says; a predicate that is not as its type asks is only stated. */
export const eventOf = (statement: Statement): LineageEvent => {
  try {
    if (statement.predicateType === dataRecordType) return fromDataRecord(statement)
    if (statement.predicateType === measurementType) return measured(statement.subject, readMeasurement(statement))
  } catch (error) {
    if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
  }
  return fromOthers(statement)
}
