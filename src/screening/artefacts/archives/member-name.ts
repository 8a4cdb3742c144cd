import { posix } from 'node:path'

/** Why a member of this name would be written outside the folder that the archive is unpacked to; undefined where not. */
export const escapes = (name: string): string | undefined => {
  const parts = name.split(/[\\/]/)
  if (name.includes('\0')) return 'its name holds a zero byte, at which some tools cut it off'
  if (/^[\\/]/.test(name)) return 'its name is absolute'
  if (/^[A-Za-z]:/.test(name)) return 'its name begins with a drive'
  return parts.includes('..') ? 'its name leads upward' : undefined
}

/** Whether a link in member `name` to `target` leads outside the archive. */
export const linkEscapes = (name: string, target: string): boolean => {
  if (escapes(target) !== undefined && !target.split('/').includes('..')) return true
  const normal = posix.normalize(posix.join(posix.dirname(name), target.replaceAll('\\', '/')))
  return normal === '..' || normal.startsWith('../') || normal.startsWith('/')
}
