import { basename } from 'node:path'
import { isBartizanError } from '../base/errors.ts'
import type { Report } from './finding.ts'
import { readVerifier, trustedKeyFiles } from './keys.ts'
import type { Verifier } from './signer.ts'

/** The keys that a project itself trusts, those in `.bartizan/keys/`; reports where there are none, or one is no key. */
export const auditKeys = (root: string, report: Report): readonly Verifier[] => {
  const files = trustedKeyFiles(root)
  if (files.length === 0) report('key-missing', 'signing.pub.pem')
  return files.flatMap((file) => {
    try {
      return [readVerifier(file)]
    } catch (error) {
      if (!isBartizanError(error, 'CONFIG_INVALID')) throw error
      report('key-invalid', basename(file), error.message)
      return []
    }
  })
}
