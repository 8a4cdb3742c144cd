import { z } from 'zod'
import { BartizanError } from '../../base/errors.ts'
import type { Statement } from '../statement.ts'

/** Predicate type of SLSA provenance v1 (slsa.dev/spec/v1.1/provenance). */
export const provenanceType = 'https://slsa.dev/provenance/v1'

/** The specification reads members that are null or absent alike. */
const orAbsent = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value: z.output<T> | null | undefined) => value ?? undefined)

/** in-toto ResourceDescriptor: something by uri, digest or content. */
const dependencySchema = z
  .looseObject({
    name: orAbsent(z.string()),
    uri: orAbsent(z.string()),
    digest: orAbsent(z.record(z.string(), z.string())),
    content: orAbsent(z.string()),
    annotations: orAbsent(z.record(z.string(), z.unknown())),
  })
  .refine(({ uri, digest, content }) => uri !== undefined || digest !== undefined || content !== undefined, {
    error: 'expected a uri, a digest or content',
  })

const timestamp = z.iso.datetime({ offset: true })

/** What the specification requires; members that it doesn't know are kept and mean nothing here, as it asks. */
const provenanceSchema = z.looseObject({
  buildDefinition: z.looseObject({
    buildType: z.url(),
    externalParameters: z.record(z.string(), z.unknown()),
    internalParameters: orAbsent(z.record(z.string(), z.unknown())),
    resolvedDependencies: orAbsent(z.array(dependencySchema)),
  }),
  runDetails: z.looseObject({
    builder: z.looseObject({
      id: z.url(),
      version: orAbsent(z.record(z.string(), z.string())),
      builderDependencies: orAbsent(z.array(dependencySchema)),
    }),
    metadata: orAbsent(
      z.looseObject({
        invocationId: orAbsent(z.string()),
        startedOn: orAbsent(timestamp),
        finishedOn: orAbsent(timestamp),
      }),
    ),
    byproducts: orAbsent(z.array(dependencySchema)),
  }),
})

export type Provenance = z.output<typeof provenanceSchema>

/** An in-toto resource descriptor. */
export interface Dependency {
  readonly name?: string
  readonly uri?: string
  readonly digest?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, unknown>>
}

/** The predicate, checked. Throws EVIDENCE_INVALID. */
export const checkProvenance = (predicate: unknown): Provenance => {
  const parsed = provenanceSchema.safeParse(predicate)
  if (parsed.success) return parsed.data
  const [{ path, message }] = parsed.error.issues
  throw new BartizanError(
    'EVIDENCE_INVALID',
    `the provenance is malformed at ${path.join('.') || 'its top'}: ${message}`,
    { data: { path } },
  )
}

/** The provenance in a statement of any producer. Throws EVIDENCE_INVALID where it states something else. */
export const readProvenance = (statement: Statement): Provenance => {
  if (statement.predicateType === provenanceType) return checkProvenance(statement.predicate)
  throw new BartizanError('EVIDENCE_INVALID', `a statement of type ${statement.predicateType} is no SLSA provenance v1`)
}
