import { BartizanError } from '../../base/errors.ts'
import {
  type ArtefactKind,
  type Consent,
  consentSchema,
  type DataRecord,
  dataRecordSchema,
  type RecordResult,
  recordResultSchema,
} from '../../contract/data-record.ts'
import { statInput } from '../../data/files.ts'
import {
  commitFile,
  commitFolder,
  extendCommitment,
  type Manifest,
  manifestDigest,
  projectSaltSecret,
  provePrefix,
  readManifest,
  saltIdOf,
  saltsFrom,
} from '../../evidence/datasets/index.ts'
import { recordEvidence } from '../../evidence/index.ts'
import { type Claims, checkClaims, readClaims } from '../../evidence/interchange/index.ts'
import { createDataRecord, dataRecordType, normalLicence, strictestConsent } from '../../evidence/lineage/index.ts'
import {
  type Committed,
  commitmentOf,
  keepCommitment,
  loggedAs,
  materialOf,
  nameIn,
  subjectsOf,
} from './commitments.ts'

export interface RecordFlags {
  readonly as: 'input' | 'output'
  readonly step: string
  readonly from: readonly string[]
  readonly command?: string
  readonly param: readonly (readonly [string, string])[]
  readonly by?: string
  readonly licence: readonly string[]
  readonly consent: readonly (readonly [string, string])[]
  readonly source?: string
  readonly describedBy?: string
  readonly kind: ArtefactKind
  readonly model: boolean
  readonly rows: boolean
  readonly absence: boolean
  readonly key: readonly string[]
  readonly salted: boolean
  readonly grownFrom?: string
  readonly at?: string
  readonly project: string
}

export interface RecordSetting {
  readonly tool: { readonly name: string; readonly version: string }
  readonly onProgress?: (share: number) => void
}

const usage = (message: string, hint: string): BartizanError => new BartizanError('USAGE', message, { hint })

const refuseMisuse = (files: readonly string[], flags: RecordFlags): void => {
  if (files.length === 0) throw usage('no file is given', 'bartizan data record FILE --as input --step NAME')
  if (flags.as === 'input' && flags.from.length > 0)
    throw usage('an input came from outside, --from is for outputs', 'record it --as output, or leave --from out')
  if (flags.key.length > 0 && !flags.absence) throw usage('--key is of use with --absence only', 'add --absence')
  if (files.length > 1 && (flags.grownFrom !== undefined || flags.describedBy !== undefined))
    throw usage('--grown-from and --described-by are for one file at a time', 'record the files one by one')
  if (flags.grownFrom !== undefined && flags.absence)
    throw usage('absence is proved over all rows, so all must be read', 'leave --grown-from out')
}

const timeOf = (at: string | undefined): string => {
  if (at === undefined) return `${new Date().toISOString().slice(0, 19)}Z`
  if (dataRecordSchema.shape.at.safeParse(at).success) return at
  throw usage(`--at is "${at}", expected a time such as 2026-01-31T12:00:00Z`, 'ISO 8601, in UTC, with a Z at its end')
}

/** Answers of the flags and of a description: neither frees what the other forbids. */
const consentOf = (
  pairs: RecordFlags['consent'],
  claimed: Consent = {},
): Pick<NonNullable<DataRecord['origin']>, 'consent'> => {
  const parsed = consentSchema.safeParse(Object.fromEntries(pairs))
  const consent = strictestConsent([claimed, parsed.data ?? {}])
  if (parsed.success) return Object.keys(consent).length === 0 ? {} : { consent }
  throw usage(
    `--consent ${String(parsed.error.issues[0].path[0])} has another answer`,
    'allowed, constrained or notAllowed',
  )
}

const saltingFor = (project: string, name: string, isWanted: boolean) => {
  if (!isWanted) return undefined
  const id = saltIdOf(name)
  return { id, salts: saltsFrom(projectSaltSecret(project, true), id) }
}

interface Recorded extends Committed {
  readonly keptChunks: number | undefined
}

const commit = async (
  path: string,
  flags: RecordFlags,
  earlier: Manifest | undefined,
  { onProgress }: RecordSetting,
): Promise<Recorded> => {
  const { project } = flags
  const name = nameIn(project, path)
  const isFolder = (await statInput(path)).isDirectory()
  const salting = saltingFor(project, name, flags.salted || earlier?.frame.rows?.salt !== undefined)
  const options = {
    rows: flags.rows,
    ...(flags.absence && { absence: { keys: flags.key } }),
    ...(salting && { salting }),
    ...(onProgress && { onProgress }),
  }
  if (isFolder && (flags.rows || flags.absence || flags.salted || earlier))
    throw usage(
      `${path} is a folder: it is committed to file by file`,
      'leave out --rows, --absence, --salted, --grown-from',
    )
  const commitment = isFolder
    ? await commitFolder(path, onProgress)
    : earlier === undefined
      ? await commitFile(path, options)
      : await extendCommitment(path, earlier, options)
  const keptChunks = earlier === undefined ? undefined : provePrefix(earlier, commitment.manifest).chunks
  return { ...keepCommitment(project, path, commitment), keptChunks }
}

const described = async (
  file: string | undefined,
  path: string,
  project: string,
  sha256: string | undefined,
): Promise<{ readonly claims?: Claims; readonly origin: NonNullable<DataRecord['origin']> }> => {
  if (file === undefined) return { origin: {} }
  const { claims, sha256: ofDescription } = await readClaims(file, path)
  const compared = await checkClaims(claims, path, sha256)
  const { licences, source, consent, kept, digests, format, warnings } = claims
  return {
    claims,
    origin: {
      ...(licences.length > 0 && { licences }),
      ...(source !== undefined && { source }),
      ...(Object.keys(consent).length > 0 && { consent }),
      described: {
        format,
        file: { name: nameIn(project, file), digest: { sha256: ofDescription } },
        claims: JSON.parse(JSON.stringify({ ...kept, digests, compared })) as Record<string, unknown>,
        warnings,
      },
    },
  }
}

const originOf = (flags: RecordFlags, claimed: NonNullable<DataRecord['origin']>): Pick<DataRecord, 'origin'> => {
  const licences = [...new Set([...flags.licence.map(normalLicence), ...(claimed.licences ?? [])])]
  const origin = {
    ...claimed,
    ...(licences.length > 0 && { licences }),
    ...(flags.source !== undefined && { source: flags.source }),
    ...consentOf(flags.consent, claimed.consent),
  }
  return Object.keys(origin).length === 0 ? {} : { origin }
}

/**
 * Commits to files, keeps their manifests, and signs and logs one statement about them. Of a grown file the manifest
 * alone is the subject: its SHA-256 would need all of it to be read.
 */
export const recordFiles = async (
  files: readonly string[],
  flags: RecordFlags,
  setting: RecordSetting,
): Promise<RecordResult> => {
  refuseMisuse(files, flags)
  const { project } = flags
  await statInput(project)
  const at = timeOf(flags.at)
  const materials = await Promise.all(flags.from.map((path) => materialOf(project, path)))
  const earlier = flags.grownFrom === undefined ? undefined : readManifest(flags.grownFrom)
  const recorded: Recorded[] = []
  for (const file of files) recorded.push(await commit(file, flags, earlier, setting))
  const [first] = recorded
  const { claims, origin } = await described(flags.describedBy, files[0], project, first.commitment.sha256)
  const subjects = recorded.flatMap(subjectsOf)
  if (flags.grownFrom !== undefined && earlier !== undefined)
    materials.push({ name: nameIn(project, flags.grownFrom), digest: { sha256: manifestDigest(earlier) } })
  const statement = createDataRecord(subjects, {
    step: flags.step,
    role: flags.as,
    kind: flags.model ? 'model' : flags.kind,
    at,
    ...(flags.by !== undefined && { by: flags.by }),
    ...(flags.command !== undefined && { command: flags.command }),
    params: Object.fromEntries(flags.param),
    materials,
    ...originOf(flags, origin),
    commitments: recorded.map(commitmentOf),
    tool: setting.tool,
  })
  const { records, log } = await recordEvidence({ root: project, statements: [statement] })
  const [record] = records
  return recordResultSchema.parse({
    record: loggedAs(project, record),
    log,
    statement: {
      predicateType: dataRecordType,
      subjects: subjects.map(({ name, digest }) => ({ name, sha256: digest.sha256 })),
    },
    data: recorded.map(({ name, commitment: { manifest, sha256, bytesRead }, stored, keptChunks }) => ({
      name,
      ...(sha256 !== undefined && { sha256 }),
      root: manifest.root,
      manifest: stored.name,
      bytes: manifest.frame.bytes,
      bytesRead,
      chunks: manifest.chunks.length,
      by: manifest.frame.by,
      ...(manifest.frame.rows && { rows: manifest.frame.rows.count }),
      ...(keptChunks !== undefined && { keptChunks }),
      ...(manifest.frame.note !== undefined && { note: manifest.frame.note }),
    })),
    warnings: claims?.warnings ?? [],
  })
}
