import { isBartizanError } from '../../base/errors.ts'
import { parseBundle } from './bundle.ts'
import { type CompareOptions, type Comparison, compareModel } from './comparison.ts'
import { type ModelFinding, modelFinding } from './finding.ts'
import { type Manifest, rootDigest } from './manifest.ts'
import { manifestIn } from './payload.ts'
import { statementIn } from './signed-statement.ts'
import { checkSigner, type ModelTrust, type SignedBy } from './signer-check.ts'

export interface VerifyModelOptions extends CompareOptions {
  /** The signature's bytes. */
  readonly signature: Uint8Array
  /** The signature's name, for findings about it. */
  readonly signatureName: string
  readonly trust: ModelTrust
  /** Accepts the formats before v1.0, which bind less. */
  readonly legacy?: boolean
}

export interface ModelVerification extends Comparison {
  readonly verdict: 'passed' | 'failed'
  /** Undefined where the signature does not hold: then nothing that it says is repeated. */
  readonly signed: { readonly by: SignedBy; readonly manifest: Manifest; readonly root: string } | undefined
}

/**
 * Checks a model, a file or a folder, against a signature: first the signature, then what it lists, then every file.
 * Offline, keeps no state between calls, and passes only where at least one signed file was compared and nothing was
 * found. Throws FILE_NOT_FOUND and FILE_UNREADABLE.
 */
export const verifyModel = async (path: string, options: VerifyModelOptions): Promise<ModelVerification> => {
  const { signature, signatureName, trust, legacy = false } = options
  try {
    const bundle = parseBundle(signature)
    const by = checkSigner(bundle, trust, { legacy })
    const manifest = manifestIn(statementIn(bundle), { legacy })
    const comparison = await compareModel(path, manifest, options)
    return {
      verdict: comparison.findings.length === 0 ? 'passed' : 'failed',
      signed: { by, manifest, root: rootDigest(manifest.resources) },
      ...comparison,
    }
  } catch (error) {
    if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
    const detail = error.hint === undefined ? error.message : `${error.message}; ${error.hint}`
    return failed(modelFinding('signature-invalid', signatureName, detail))
  }
}

const failed = (finding: ModelFinding): ModelVerification => ({
  verdict: 'failed',
  findings: [finding],
  signed: undefined,
  ignored: [],
  compared: 0,
  skipped: 0,
  unsignedEmpty: [],
})
