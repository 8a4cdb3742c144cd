import { readFile } from 'node:fs/promises'
import type { Progress } from '../../assessment/progress.ts'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import { type SignatureVerification, signatureVerificationSchema } from '../../contract/signing.ts'
import { statInput } from '../../data/files.ts'
import { readVerifier } from '../../evidence/index.ts'
import {
  type ModelTrust,
  modelFinding,
  readCertificates,
  readModelKey,
  readTrustedRoot,
  requireRecordOf,
  verifyModel,
} from '../../evidence/model-signing/index.ts'
import { parseWitness, verifyEnvelopeReceipt } from '../../evidence/receipt/index.ts'
import { pathBelow, requireBelow } from './model-path.ts'

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
  const only = flags.only.map((path) => requireBelow('--only', path))
  const own = await pathBelow(model, flags.signature)
  progress.start('hashing')
  const { signed, ...verification } = await verifyModel(model, {
    signature,
    signatureName: flags.signature,
    trust,
    legacy: flags.legacy,
    only,
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
    scope: only.length === 0 || only.includes('.') ? 'model' : 'part',
    only,
    resources: {
      signed: signed?.manifest.resources.length ?? 0,
      compared: verification.compared,
      skipped: verification.skipped,
    },
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
