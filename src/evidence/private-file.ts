import { statSync } from 'node:fs'
import { BartizanError } from '../base/errors.ts'

/**
 * Throws CONFIG_INVALID where others than its owner can reach a secret file; Windows keeps such rights elsewhere than in
 * the mode. `what` names it in the message, for example "the private key", and `ifRead` says what to do if others may
 * have read it.
 */
export const refuseShared = (path: string, what: string, ifRead: string): void => {
  const mode = statSync(path).mode & 0o777
  if (process.platform === 'win32' || (mode & 0o077) === 0) return
  throw new BartizanError('CONFIG_INVALID', `${what} ${path} is open to others (mode ${mode.toString(8)})`, {
    hint: `chmod 600 ${path}; if others may have read it, ${ifRead}`,
    data: { path, mode },
  })
}
