import { z } from 'zod'
import { BartizanError } from '../../base/errors.ts'
import { createStatement, type Statement } from '../statement.ts'
import { digestBytes, type HashType, hashTypes, isHashType } from './hash-type.ts'
import { type Manifest, type Resource, rootDigest, type Serialization } from './manifest.ts'
import { isPlainPath, type Part, parseResourceName, resourceName } from './resource-name.ts'

/** Predicate type of OpenSSF model signing v1.0. */
export const modelSignatureType = 'https://model_signing/signature/v1.0'
/** The experimental format before it: one subject a file, nothing that binds them together. */
export const legacySignatureType = 'https://model_signing/Digests/v0.1'

const fail = (problem: string): never => {
  throw new BartizanError('EVIDENCE_INVALID', `the signed list of files ${problem}`)
}

/** Shards name their size in each resource; the reference implementation writes and expects that. */
const algorithmOf = ({ hashType, shardSize }: Serialization): string =>
  shardSize === undefined ? hashType : `${hashType}-sharded-${shardSize}`

/** The in-toto statement that is signed. Throws EVIDENCE_INVALID. */
export const statementOf = ({ name, serialization, resources, emptyFiles }: Manifest): Statement => {
  const { method, hashType, shardSize, allowSymlinks, ignorePaths } = serialization
  const algorithm = algorithmOf(serialization)
  return createStatement({
    subject: [{ name, digest: { sha256: rootDigest(resources) } }],
    predicateType: modelSignatureType,
    predicate: {
      serialization: {
        method,
        hash_type: hashType,
        ...(shardSize !== undefined && { shard_size: shardSize }),
        allow_symlinks: allowSymlinks,
        ...(ignorePaths.length > 0 && { ignore_paths: ignorePaths }),
      },
      resources: resources.map(({ part, digest }) => ({ name: resourceName(part), algorithm, digest })),
      ...(emptyFiles !== undefined && { bartizan_emptyFiles: emptyFiles }),
    },
  })
}

const resourceSchema = z.looseObject({ name: z.string(), algorithm: z.string(), digest: z.string() })

/** Members that v1.0 doesn't know are ignored, as it asks. */
const predicateSchema = z.looseObject({
  serialization: z.looseObject({
    method: z.enum(['files', 'shards']),
    hash_type: z.string(),
    shard_size: z.int().positive().optional(),
    allow_symlinks: z.boolean().default(false),
    ignore_paths: z.array(z.string()).default([]),
  }),
  resources: z.array(resourceSchema),
  bartizan_emptyFiles: z.array(z.string().refine(isPlainPath)).optional(),
})

/**
 * What a signed statement says of a model, once its own root digest holds. `legacy` accepts the format of v0.2 too.
 * Throws EVIDENCE_INVALID for anything else, and for a list that could be read in two ways.
 */
export const manifestIn = (statement: Statement, { legacy = false } = {}): Manifest => {
  if (statement.predicateType === legacySignatureType && legacy) return checked(legacyManifest(statement))
  if (statement.predicateType !== modelSignatureType)
    throw new BartizanError(
      'EVIDENCE_INVALID',
      `a statement of type ${statement.predicateType} is no model signature`,
      {
        ...(statement.predicateType === legacySignatureType && {
          hint: 'model_signing 0.2 wrote it; --legacy accepts that format',
        }),
      },
    )
  const parsed = predicateSchema.safeParse(statement.predicate)
  if (!parsed.success)
    return fail(`is malformed at ${parsed.error.issues[0].path.join('.')}: ${parsed.error.issues[0].message}`)
  const { serialization, resources, bartizan_emptyFiles: emptyFiles } = parsed.data
  const { method, hash_type, shard_size: shardSize, allow_symlinks, ignore_paths } = serialization
  if (!isHashType(hash_type)) return unsupportedHash(hash_type)
  if ((method === 'shards') !== (shardSize !== undefined)) return fail(`is cut by ${method} with a wrong shard size`)
  const described: Serialization = {
    method,
    hashType: hash_type,
    ...(shardSize !== undefined && { shardSize }),
    allowSymlinks: allow_symlinks,
    ignorePaths: ignore_paths,
  }
  const [subject, ...more] = statement.subject
  if (more.length > 0) return fail(`is about ${statement.subject.length} subjects, expected 1`)
  const known = [hash_type, algorithmOf(described)]
  const listed = resources.map(({ name, algorithm, digest }): Resource => {
    if (!known.includes(algorithm)) return fail(`gives ${algorithm} for ${name}, expected ${known.join(' or ')}`)
    return { part: parseResourceName(name, method), digest: requireDigest(name, digest, hash_type) }
  })
  const root = rootDigest(listed)
  if (root !== subject.digest.sha256) return fail(`has root ${root}, but states ${subject.digest.sha256}`)
  return checked({
    name: subject.name,
    serialization: described,
    resources: listed,
    ...(emptyFiles !== undefined && { emptyFiles }),
  })
}

const unsupportedHash = (name: string): never => {
  throw new BartizanError('EVIDENCE_INVALID', `the files were hashed with ${name}, which can't be computed here`, {
    hint: `nothing was compared; sign again with one of ${hashTypes.join(', ')}`,
    data: { hashType: name, supported: hashTypes },
  })
}

const requireDigest = (name: string, digest: string, type: HashType): string =>
  /^[0-9a-f]+$/.test(digest) && digest.length === 2 * digestBytes(type) ? digest : fail(`has no ${type} for ${name}`)

const legacyManifest = (statement: Statement): Manifest => ({
  name: 'model',
  serialization: { method: 'files', hashType: 'sha256', allowSymlinks: false, ignorePaths: [] },
  resources: statement.subject.map(({ name, digest }) => ({
    part: parseResourceName(name, 'files'),
    digest: digest.sha256,
  })),
})

/** Each part once, and the shards of a file without a gap or an overlap: else some of its bytes would go unsigned. */
const checked = (manifest: Manifest): Manifest => {
  const files = new Map<string, Part[]>()
  for (const { part } of manifest.resources) {
    const parts = files.get(part.path)
    if (parts === undefined) files.set(part.path, [part])
    else parts.push(part)
  }
  if (files.has('.') && files.size > 1) return fail('is about a single file and others too')
  for (const [path, parts] of files) {
    const ranges = parts.flatMap(({ range }) => (range === undefined ? [] : [range])).sort((a, b) => a.start - b.start)
    if (ranges.length === 0 && parts.length > 1) return fail(`lists ${path} twice`)
    if (ranges.some(({ start }, i) => start !== (i === 0 ? 0 : ranges[i - 1].end)))
      return fail(`does not cover all of ${path} once`)
  }
  return manifest
}
