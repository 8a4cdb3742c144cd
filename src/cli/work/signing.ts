import { readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import type { Progress } from '../../assessment/progress.ts'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import {
  type ModelSignature,
  modelSignatureSchema,
  type SignatureVerification,
  signatureVerificationSchema,
} from '../../contract/signing.ts'
import { statInput } from '../../data/files.ts'
import { writeAtomically } from '../../data/index.ts'
import { openProjectKey, readVerifier, recordEvidence, type Signer } from '../../evidence/index.ts'
import {
  isBundle,
  type ManifestOptions,
  type ModelTrust,
  modelFinding,
  plainIgnoredPath,
  readCertificates,
  readModelKey,
  readModelSigner,
  readTrustedRoot,
  requireRecordOf,
  type SignedModel,
  signatureRecord,
  signModel,
  verifyModel,
} from '../../evidence/model-signing/index.ts'
import { stateFolder } from '../../evidence/paths.ts'
import { createEnvelopeReceipt, parseWitness, verifyEnvelopeReceipt } from '../../evidence/receipt/index.ts'
import { checkOutputs } from './outputs.ts'

export interface SignFlags {
  readonly key: string
  readonly cert: readonly string[]
  readonly out: string
  readonly ignore: readonly string[]
  readonly method: 'files' | 'shards'
  readonly shardSize?: number
  readonly hash: 'sha256' | 'blake2b'
  readonly allowSymlinks: boolean
  readonly receipt?: string
  readonly project: string
}

/** Signs a model, writes the signature, and where --receipt is given records it in the project's log. */
export const signFiles = async (model: string, flags: SignFlags, progress: Progress): Promise<ModelSignature> => {
  await statInput(model)
  if (flags.shardSize !== undefined && flags.method === 'files')
    throw new BartizanError('USAGE', '--shard-size needs --method shards')
  const signer = readModelSigner(flags.key)
  if ((await pathBelow(model, flags.key)) !== undefined)
    throw new BartizanError('CONFIG_INVALID', `the private key ${flags.key} lies in the model that it signs`, {
      hint: 'move it elsewhere, or it is handed out with the model',
    })
  await requireReplaceable(flags.out)
  // The project's key makes the folder that a receipt may be meant for.
  const logKey = flags.receipt === undefined ? undefined : openProjectKey(flags.project)
  await checkOutputs(
    { MODEL: model, '--key': flags.key, '--cert': flags.cert },
    { '--out': flags.out, '--receipt': flags.receipt },
  )
  progress.start('hashing')
  const signed = await signModel(model, {
    ...(await manifestOptions(model, flags)),
    signer,
    certificates: flags.cert.flatMap(readCertificates),
    onProgress: (share) => progress.update(share),
  })
  await writeAtomically(flags.out, (file) => file.write(signed.signature))
  const receipt =
    flags.receipt === undefined || logKey === undefined
      ? null
      : await recordSignature(signed, flags.project, flags.receipt, logKey)
  const { manifest, root } = signed
  const { method, hashType, shardSize, ignorePaths } = manifest.serialization
  const names = new Set([...manifest.resources.map(({ part }) => part.path), ...(manifest.emptyFiles ?? [])])
  progress.end(`${names.size} files`)
  return modelSignatureSchema.parse({
    model,
    signature: flags.out,
    name: manifest.name,
    root,
    method,
    hash: hashType,
    shardSize: shardSize ?? null,
    files: names.size,
    resources: manifest.resources.length,
    ignored: ignorePaths,
    signer: { kind: flags.cert.length > 0 ? 'certificate' : 'key', hint: signer.hint, curve: signer.curve },
    receipt,
  })
}

/** What this run itself writes into the model's folder can't be signed: it is left out, and the signature says so. */
const manifestOptions = async (model: string, flags: SignFlags): Promise<ManifestOptions> => {
  const { method, shardSize, hash, allowSymlinks, ignore, out, receipt, project } = flags
  const written = [out, ...(receipt === undefined ? [] : [receipt, join(project, stateFolder)])]
  const below = await Promise.all(written.map((path) => pathBelow(model, path)))
  return {
    method,
    ...(shardSize !== undefined && { shardSize }),
    hashType: hash,
    allowSymlinks,
    ignore: [...ignore, ...below.filter((path) => path !== undefined)],
  }
}

/** The path of a file below a model's folder with "/" on every system, undefined where it lies elsewhere. */
const pathBelow = async (model: string, path: string): Promise<string | undefined> => {
  if (!(await stat(model)).isDirectory()) return undefined
  const folder = await realpath(dirname(resolve(path))).catch(() => dirname(resolve(path)))
  const below = relative(await realpath(model), join(folder, basename(path)))
  return below === '' || below.startsWith('..') || below.startsWith(sep) ? undefined : below.split(sep).join('/')
}

/** Only an earlier signature is replaced: a slip in --out must not cost a part of the model. */
const requireReplaceable = async (out: string): Promise<void> => {
  const there = await readFile(out).catch(() => undefined)
  if (there === undefined || isBundle(there)) return
  throw new BartizanError('USAGE', `--out ${out} is there already and is no signature`, { hint: 'write elsewhere' })
}

const recordSignature = async (signed: SignedModel, project: string, file: string, key: Signer) => {
  const { records } = await recordEvidence({ root: project, statements: [signatureRecord(signed)] })
  const [{ sha256, index }] = records
  await writeAtomically(file, (handle) => handle.write(createEnvelopeReceipt(project, sha256, [key], index)))
  return { file, index, record: sha256 }
}

export interface VerifySignatureFlags {
  readonly signature: string
  readonly key: readonly string[]
  readonly ca: readonly string[]
  readonly trustedRoot?: string
  readonly identity?: string
  readonly issuer?: string
  readonly only: readonly string[]
  readonly ignore: readonly string[]
  readonly ignoreUnsigned: boolean
  readonly refuseIgnored: boolean
  readonly legacy: boolean
  readonly receipt?: string
  readonly logKey: readonly string[]
  readonly witness: readonly string[]
  readonly witnesses?: number
}

/** Verifies a model against a signature, and the signature's receipt where one is given. */
export const verifyFiles = async (
  model: string,
  flags: VerifySignatureFlags,
  progress: Progress,
): Promise<SignatureVerification> => {
  const trust = trustOf(flags)
  await statInput(model)
  await statInput(flags.signature)
  const signature = await readFile(flags.signature)
  const own = await pathBelow(model, flags.signature)
  progress.start('hashing')
  const { signed, ...verification } = await verifyModel(model, {
    signature,
    signatureName: flags.signature,
    trust,
    legacy: flags.legacy,
    only: flags.only.map((path) => requireBelow('--only', path)),
    ignore: [...flags.ignore.map((path) => requireBelow('--ignore', path)), ...(own === undefined ? [] : [own])],
    ignoreUnsigned: flags.ignoreUnsigned,
    refuseIgnored: flags.refuseIgnored,
    onProgress: (share) => progress.update(share),
  })
  const receipt = await verifyReceiptOf(signature, flags)
  const findings = [...verification.findings, ...receipt.findings]
  progress.end(`${verification.compared} parts`)
  return signatureVerificationSchema.parse({
    verdict: verification.verdict === 'passed' && findings.length === 0 ? 'passed' : 'failed',
    model,
    signature: flags.signature,
    name: signed?.manifest.name ?? null,
    root: signed?.root ?? null,
    signer: signed?.by ?? null,
    resources: { signed: signed?.manifest.resources.length ?? 0, compared: verification.compared },
    ignored: verification.ignored,
    unsignedEmpty: verification.unsignedEmpty,
    findings,
    receipt: receipt.result,
  })
}

/** One kind of trust a call: what a key has signed is not what an authority has vouched for. */
const trustOf = ({ key, ca, trustedRoot, identity, issuer }: VerifySignatureFlags): ModelTrust => {
  const kinds = [key.length > 0, ca.length > 0, trustedRoot !== undefined].filter(Boolean).length
  if (kinds !== 1)
    throw new BartizanError('USAGE', 'give one of --key, --ca and --trusted-root: whose signature counts', {
      hint: 'a signature proves nothing by itself; get the public key or the authority from its owner',
    })
  if (key.length > 0) return { kind: 'key', keys: key.map(readModelKey) }
  if (ca.length > 0) return { kind: 'certificate', authorities: ca.flatMap(readCertificates) }
  if (trustedRoot === undefined || identity === undefined || issuer === undefined)
    throw new BartizanError('USAGE', '--trusted-root needs --identity and --issuer', {
      hint: 'anyone can get a certificate from Sigstore: only the identity tells who signed',
    })
  return { kind: 'sigstore', root: readTrustedRoot(trustedRoot), identity: { subject: identity, issuer } }
}

const requireBelow = (flag: string, written: string): string => {
  const path = written === '.' && flag === '--only' ? '.' : plainIgnoredPath(written)
  if (path !== undefined) return path
  throw new BartizanError('USAGE', `${flag} "${written}" is not a path below the model`)
}

interface ReceiptOutcome {
  readonly result: SignatureVerification['receipt']
  readonly findings: SignatureVerification['findings']
}

const verifyReceiptOf = async (signature: Uint8Array, flags: VerifySignatureFlags): Promise<ReceiptOutcome> => {
  const { receipt: file, logKey, witness, witnesses: threshold } = flags
  if (file === undefined) {
    if (logKey.length > 0 || witness.length > 0) throw new BartizanError('USAGE', '--receipt is missing')
    return { result: null, findings: [] }
  }
  if (logKey.length === 0) throw new BartizanError('USAGE', '--receipt needs --log-key: which log counts')
  const witnesses = witness.map(parseWitness)
  if (threshold !== undefined && threshold > witnesses.length)
    throw new BartizanError('USAGE', `--witnesses asks for ${threshold} of ${witnesses.length} witnesses`)
  const policy = { verifiers: logKey.map(readVerifier), witnesses, ...(threshold !== undefined && { threshold }) }
  await statInput(file)
  try {
    const { index, checkpoint, cosignatures, statement } = verifyEnvelopeReceipt(await readFile(file), policy)
    requireRecordOf(signature, statement)
    const { origin, size, root } = checkpoint
    return {
      result: { origin, index, size, root: Buffer.from(root).toString('hex'), cosignatures },
      findings: [],
    }
  } catch (error) {
    if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
    return { result: null, findings: [modelFinding('receipt-invalid', file, error.message)] }
  }
}
