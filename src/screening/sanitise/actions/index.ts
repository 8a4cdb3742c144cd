import { BartizanError } from '../../../base/errors.ts'
import type { SanitisingKey } from '../keys/key-file.ts'
import type { Action } from '../policy/action.ts'
import { canonical, type ValueKind } from './canonical.ts'
import { fakerOf } from './fake/index.ts'
import { generalised } from './generalise.ts'
import { masked } from './mask.ts'
import { tokenOf } from './token.ts'

export interface Replacement {
  readonly text: string
  /** Whether later rules and rounds leave it alone. */
  readonly frozen: boolean
}

/** Turns a value into what an action makes of it; nothing for actions that leave it. `after`: the text behind it. */
export type Replacer = (action: Action, kind: ValueKind, value: string, after: string) => Replacement | undefined

/** Replacements under a key; without one the actions that need it throw INTERNAL (the caller asks for the key first). */
export const replacerOf = (key: SanitisingKey | undefined): Replacer => {
  const faker = key && fakerOf(key)
  const needed = <T>(value: T | undefined): T => {
    if (value === undefined) throw new BartizanError('INTERNAL', 'an action that needs a key ran without one')
    return value
  }
  return (action, kind, value, after) => {
    switch (action.name) {
      case 'remove':
        return { text: '', frozen: false }
      case 'mask':
        return { text: masked(value, action.keep), frozen: false }
      case 'hash':
        return {
          text: needed(key)
            .hmac(`${kind}:${canonical(value, kind)}`)
            .toString('hex'),
          frozen: true,
        }
      case 'token':
        return { text: tokenOf(needed(key), kind, value), frozen: true }
      case 'fake':
        return { text: needed(faker)(value, kind), frozen: true }
      case 'generalise':
        return { text: generalised(value, kind, after), frozen: true }
      default:
        return undefined
    }
  }
}
