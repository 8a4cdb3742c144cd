import { readFileSync } from 'node:fs'
import { BartizanError } from '../base/errors.ts'

const isOurs = (value: unknown): value is { readonly version: string } =>
  typeof value === 'object' && value !== null && 'name' in value && value.name === 'bartizan' && 'version' in value

/** Version in the package.json above this file, wherever a build put it. */
export const version = (): string => {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    try {
      const found: unknown = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'))
      if (isOurs(found)) return found.version
    } catch {
      // No such file in this folder.
    }
    if (folder.pathname === '/' || folder.pathname === new URL('..', folder).pathname)
      throw new BartizanError('INTERNAL', 'the package.json of Bartizan is missing')
  }
}
