import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Progress } from '../../assessment/progress.ts'
import { BartizanError } from '../../base/errors.ts'
import { type ModelSignature, modelSignatureSchema } from '../../contract/signing.ts'
import { statInput } from '../../data/files.ts'
import { writeAtomically } from '../../data/index.ts'
import { openProjectKey, recordEvidence, type Signer } from '../../evidence/index.ts'
import {
  isBundle,
  type ManifestOptions,
  readCertificates,
  readModelSigner,
  type SignedModel,
  signatureRecord,
  signModel,
} from '../../evidence/model-signing/index.ts'
import { stateFolder } from '../../evidence/paths.ts'
import { createEnvelopeReceipt } from '../../evidence/receipt/index.ts'
import { type EarlierFlags, readEarlier, reuseResult, wantedStates } from './earlier-signature.ts'
import { pathBelow } from './model-path.ts'
import { checkOutputs } from './outputs.ts'

export interface SignFlags extends EarlierFlags {
  readonly key: string
  readonly cert: readonly string[]
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
  const earlier = await readEarlier(flags, signer)
  const states = wantedStates(flags)
  await requireReplaceable(flags.out)
  if (states !== undefined) await requireReplaceable(states)
  // The project's key makes the folder that a receipt may be meant for.
  const logKey = flags.receipt === undefined ? undefined : openProjectKey(flags.project)
  await checkOutputs(
    { MODEL: model, '--key': flags.key, '--cert': flags.cert },
    { '--out': flags.out, '--receipt': flags.receipt, '--keep-states': states },
  )
  progress.start('hashing')
  const signed = await signModel(model, {
    ...(await manifestOptions(model, flags, states)),
    ...(earlier !== undefined && { earlier }),
    keepStates: states !== undefined,
    signer,
    certificates: flags.cert.flatMap(readCertificates),
    onProgress: (share) => progress.update(share),
  })
  await writeAtomically(flags.out, (file) => file.write(signed.signature))
  const { states: kept } = signed
  if (states !== undefined && kept !== undefined) await writeAtomically(states, (file) => file.write(kept.record))
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
    states: states === undefined || kept === undefined ? null : { file: states, files: kept.files },
    changedFrom: reuseResult(flags.changedFrom, signed.reuse),
    receipt,
  })
}

/** What this run itself writes into the model's folder can't be signed: it is left out, and the signature says so. */
const manifestOptions = async (
  model: string,
  flags: SignFlags,
  states: string | undefined,
): Promise<ManifestOptions> => {
  const { method, shardSize, hash, allowSymlinks, ignore, out, receipt, project } = flags
  const written = [
    out,
    ...(states === undefined ? [] : [states]),
    ...(receipt === undefined ? [] : [receipt, join(project, stateFolder)]),
  ]
  const below = await Promise.all(written.map((path) => pathBelow(model, path)))
  return {
    method,
    ...(shardSize !== undefined && { shardSize }),
    hashType: hash,
    allowSymlinks,
    ignore: [...ignore, ...below.filter((path) => path !== undefined)],
  }
}

/** Only an earlier signature is replaced: a slip in --out must not cost a part of the model. */
const requireReplaceable = async (out: string): Promise<void> => {
  const there = await readFile(out).catch(() => undefined)
  if (there === undefined || isBundle(there)) return
  throw new BartizanError('USAGE', `${out} is there already and is no signature`, { hint: 'write elsewhere' })
}

const recordSignature = async (signed: SignedModel, project: string, file: string, key: Signer) => {
  const { records } = await recordEvidence({ root: project, statements: [signatureRecord(signed)] })
  const [{ sha256, index }] = records
  await writeAtomically(file, (handle) => handle.write(createEnvelopeReceipt(project, sha256, [key], index)))
  return { file, index, record: sha256 }
}
