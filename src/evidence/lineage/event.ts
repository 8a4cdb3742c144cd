import { z } from 'zod'
import { isBartizanError } from '../../base/errors.ts'
import type { DataRecord } from '../../contract/data-record.ts'
import { type Measurement, measurementType, readMeasurement } from '../measurement.ts'
import { provenanceType } from '../slsa/index.ts'
import type { Statement, Subject } from '../statement.ts'
import { dataRecordType, readDataRecord } from './data-record.ts'
import type { Execution, LineageEvent } from './lineage-event.ts'
import { references, referenceTo } from './reference.ts'
import { trainingEvent } from './training-event.ts'

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
    execution: executionOf(record),
  }
}

const executionOf = ({ at, by, command, params, origin }: DataRecord): Execution => ({
  at,
  by,
  command,
  params,
  source: origin?.source,
})

const measured = (subjects: readonly Subject[], { claim, method, digests }: Measurement): LineageEvent => {
  // harden and train name the model before, the model after, then the rows.
  const [before, after, ...rows] = subjects
  if (claim === 'hardening' && before !== undefined && after !== undefined)
    return {
      title: `harden: ${method.id}`,
      inputs: [before, ...rows].map((subject) => referenceTo(subject)),
      outputs: [referenceTo(after, 'model')],
      ...(digests?.run && { measuredIn: { run: digests.run.sha256, instead: onlyMeasured(after, rows, claim) } }),
    }
  const about = subjects.map(({ digest }) => digest.sha256)
  return {
    title: `measured ${claim}`,
    inputs: subjects.map((subject) => referenceTo(subject)),
    outputs: [],
    group: `measured ${about.join(' ')}`,
  }
}

/** The model before is left out: the run names it where it was a file, and the untrained network of a run is none. */
const onlyMeasured = (after: Subject, rows: readonly Subject[], claim: string): LineageEvent => ({
  title: `measured ${claim}`,
  inputs: [referenceTo(after, 'model'), ...rows.map((subject) => referenceTo(subject))],
  outputs: [],
})

const slsaSchema = z.looseObject({
  buildDefinition: z.looseObject({
    buildType: z.string(),
    resolvedDependencies: z.array(z.unknown()).nullish(),
  }),
})

const linkSchema = z.looseObject({ name: z.string(), materials: z.array(z.unknown()) })

/** SLSA provenance v1 and in-toto links: what was made of what. */
const fromOthers = ({ subject, predicateType, predicate }: Statement): LineageEvent => {
  const outputs = subject.map((each) => referenceTo(each))
  // Read with less than the standard asks: a poisoned source must be traced through a careless builder's record, too.
  const slsa = predicateType === provenanceType ? slsaSchema.safeParse(predicate) : undefined
  if (slsa?.success) {
    const { buildType, resolvedDependencies } = slsa.data.buildDefinition
    return { title: `built: ${statedAs(buildType)}`, inputs: references(resolvedDependencies ?? []), outputs }
  }
  const link = predicateType.startsWith('https://in-toto.io/attestation/link/')
    ? linkSchema.safeParse(predicate)
    : undefined
  if (link?.success) return { title: link.data.name, inputs: references(link.data.materials), outputs }
  // Whatever else is stated about an artefact hangs on it, and makes nothing.
  return { title: statedAs(predicateType), inputs: outputs, outputs: [] }
}

const parts = (uri: string): readonly string[] => uri.split(/[/#?]/).filter((part) => part !== '')

/** "https://in-toto.io/attestation/test-result/v0.1" is a test-result. */
const statedAs = (uri: string): string =>
  parts(uri)
    .filter((part) => !/^v?\d[\d.]*$/.test(part))
    .at(-1) ?? uri

/** What a statement says; a predicate that is not as its type asks is only stated. */
export const eventOf = (statement: Statement): LineageEvent => {
  try {
    if (statement.predicateType === dataRecordType) return fromDataRecord(statement)
    const training = trainingEvent(statement)
    if (training !== undefined) return training
    if (statement.predicateType === measurementType) return measured(statement.subject, readMeasurement(statement))
  } catch (error) {
    if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
  }
  return fromOthers(statement)
}
