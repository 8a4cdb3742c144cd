import { readFile } from 'node:fs/promises'
import { BartizanError } from '../../base/errors.ts'
import { type ProofResult, proofResultSchema } from '../../contract/data-record.ts'
import { sha256Schema } from '../../contract/index.ts'
import { writeTextAtomically } from '../../data/atomic-file.ts'
import { statInput } from '../../data/files.ts'
import {
  commitLike,
  committedBy,
  compareManifests,
  type DataProof,
  type Disclosure,
  discloseWithout,
  disclosureText,
  disclosureType,
  keptManifest,
  type Manifest,
  parseDisclosure,
  parseProof,
  plainSalts,
  projectSaltSecret,
  proofText,
  proveAbsent,
  provePrefix,
  proveRow,
  readManifest,
  saltsFrom,
  verifyDisclosure,
  verifyPrefix,
  verifyProof,
} from '../../evidence/datasets/index.ts'
import { dataRecordType, readDataRecord, readStoredRecords } from '../../evidence/lineage/index.ts'
import { nameIn } from './commitments.ts'

export interface ProveFlags {
  readonly row?: number
  readonly absent: readonly string[]
  readonly column?: string
  readonly withhold: readonly number[]
  readonly unchanged: boolean
  readonly grownFrom?: string
  readonly verify?: string
  readonly root?: string
  readonly manifest?: string
  readonly out?: string
  readonly project: string
}

/** Root of the newest verified record of a file of this name. */
const recordedRoot = (project: string, name: string): string | undefined =>
  readStoredRecords(project)
    .filter(({ problem, statement }) => problem === undefined && statement.predicateType === dataRecordType)
    .flatMap(({ statement }) => readDataRecord(statement).commitments)
    .findLast((commitment) => commitment.name === name)?.root

const manifestFor = (path: string, { project, manifest }: ProveFlags): Manifest => {
  if (manifest !== undefined) return readManifest(manifest)
  const name = nameIn(project, path)
  const root = recordedRoot(project, name)
  const found = root === undefined ? undefined : keptManifest(project, root)
  if (found !== undefined) return found
  throw new BartizanError('FILE_NOT_FOUND', `no verified record of ${name}, or its manifest is gone`, {
    hint: 'record it with bartizan data record, or name a manifest with --manifest',
    data: { name, root },
  })
}

const describe = (proof: DataProof): string =>
  proof.kind === 'row'
    ? `row ${proof.row}: ${JSON.stringify(Buffer.from(proof.content, 'base64').toString().slice(0, 200))}`
    : `${proof.column === undefined ? 'row' : `value of column "${proof.column}"`} ${JSON.stringify(proof.value)}`

const isDisclosure = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes)
    .subarray(0, 1 << 28)
    .includes(JSON.stringify(disclosureType))

const describeDisclosure = ({ rows }: Disclosure): string => {
  const withheld = rows.flatMap((row, i) => ('withheld' in row ? [i] : []))
  return `${rows.length - withheld.length} rows shown, withheld: ${withheld.join(', ') || 'none'}`
}

const verified = async (proofFile: string, root: string): Promise<ProofResult['proofs'][number]> => {
  const bytes = await readFile(proofFile)
  if (isDisclosure(bytes)) {
    const disclosure = parseDisclosure(bytes)
    return { about: describeDisclosure(disclosure), holds: verifyDisclosure(disclosure, root) }
  }
  const proof = parseProof(bytes)
  return { about: describe(proof), holds: verifyProof(proof, root) }
}

const verifyFile = async (flags: ProveFlags, proofFile: string, file: string | undefined): Promise<ProofResult> => {
  await statInput(proofFile)
  const root =
    flags.root ?? (file === undefined && flags.manifest === undefined ? undefined : manifestFor(file ?? '', flags).root)
  if (root === undefined || !sha256Schema.safeParse(root).success)
    throw new BartizanError('USAGE', 'a proof is checked against a root of 64 hexadecimal digits', {
      hint: 'add --root ROOT, or --manifest FILE, from somebody whom you trust',
    })
  const proof = await verified(proofFile, root)
  return resultOf(proofFile, root, 'verify', [proof])
}

const resultOf = (
  file: string,
  root: string,
  asked: ProofResult['asked'],
  proofs: ProofResult['proofs'],
  changes: ProofResult['changes'] = [],
): ProofResult =>
  proofResultSchema.parse({
    file,
    root,
    verdict: proofs.every(({ holds }) => holds) && changes.length === 0 ? 'passed' : 'failed',
    asked,
    proofs,
    changes,
  })

const saltingOf = (project: string, { frame }: Manifest) => {
  const id = frame.rows?.salt
  return id === undefined ? undefined : { id, salts: saltsFrom(projectSaltSecret(project, false), id) }
}

/** "proof.json", "proof-1.json", … for one proof after the other. */
const numbered = (out: string, i: number): string =>
  i === 0 ? out : /\.[^./\\]+$/.test(out) ? out.replace(/(\.[^./\\]+)$/, `-${i}$1`) : `${out}-${i}`

const prove = async (file: string, flags: ProveFlags, manifest: Manifest): Promise<ProofResult> => {
  const { row, absent, column, withhold, out = 'proof.json' } = flags
  const salting = saltingOf(flags.project, manifest)
  const salts = salting?.salts ?? plainSalts
  if (row !== undefined) {
    const proof = await proveRow(file, manifest, row, salts)
    await writeTextAtomically(out, proofText(proof))
    return resultOf(file, manifest.root, 'row', [{ about: describe(proof), holds: true, file: out }])
  }
  if (withhold.length > 0) {
    const disclosure = await discloseWithout(file, manifest, withhold, salts)
    const holds = verifyDisclosure(disclosure, manifest.root)
    if (holds) await writeTextAtomically(out, disclosureText(disclosure))
    return resultOf(file, manifest.root, 'withhold', [
      { about: describeDisclosure(disclosure), holds, ...(holds && { file: out }) },
    ])
  }
  const proofs = await proveAbsent(file, manifest, absent, { ...(column !== undefined && { column }), salts })
  const results: ProofResult['proofs'][number][] = []
  for (const [i, proof] of proofs.entries()) {
    const about = `${column === undefined ? 'row' : `value of column "${column}"`} ${JSON.stringify(absent[i])}`
    const name = numbered(out, i)
    if (proof !== undefined) await writeTextAtomically(name, proofText(proof))
    results.push(
      proof === undefined ? { about: `${about} is in the data`, holds: false } : { about, holds: true, file: name },
    )
  }
  return resultOf(file, manifest.root, 'absent', results)
}

/** Does what the flags ask: one of proving, comparing and verifying. Throws USAGE where it is none, or several. */
export const proveData = async (file: string | undefined, flags: ProveFlags): Promise<ProofResult> => {
  const { row, absent, withhold, unchanged, grownFrom, verify } = flags
  const asked = [row !== undefined, absent.length > 0, withhold.length > 0, unchanged, grownFrom, verify].filter(
    Boolean,
  )
  if (asked.length !== 1)
    throw new BartizanError(
      'USAGE',
      'one of --row, --absent, --withhold, --unchanged, --grown-from, --verify is needed',
    )
  if (verify !== undefined) return verifyFile(flags, verify, file)
  if (file === undefined) throw new BartizanError('USAGE', 'the recorded file is missing')
  await statInput(file)
  const manifest = manifestFor(file, flags)
  if (grownFrom !== undefined) {
    const earlier = readManifest(grownFrom)
    const proof = provePrefix(earlier, manifest)
    // The earlier file's last chunk may have been filled since; its other chunks must all be there.
    const holds =
      verifyPrefix(proof, committedBy(earlier), committedBy(manifest)) && proof.chunks >= earlier.chunks.length - 1
    if (flags.out !== undefined) await writeTextAtomically(flags.out, `${JSON.stringify(proof, null, 2)}\n`)
    const about = `${proof.chunks} of the ${earlier.chunks.length} earlier chunks begin it`
    return resultOf(file, manifest.root, 'prefix', [
      { about, holds, ...(flags.out !== undefined && { file: flags.out }) },
    ])
  }
  if (!unchanged) return prove(file, flags, manifest)
  const { manifest: now } = await commitLike(file, manifest, saltingOf(flags.project, manifest))
  return resultOf(file, manifest.root, 'unchanged', [], compareManifests(manifest, now))
}
