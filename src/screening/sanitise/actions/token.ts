import { BartizanError } from '../../../base/errors.ts'
import { type Draft, draftOf, type Edit, edited } from '../draft.ts'
import type { SanitisingKey } from '../keys/key-file.ts'
import { openSiv, sealSiv } from '../keys/siv.ts'
import type { ValueKind } from './canonical.ts'

/** As a token stands in a text: `tok[email:…]`, the rest base64url of AES-SIV's output. */
export const tokenPattern = /tok\[([a-z-]{2,20}):([A-Za-z0-9_-]{22,})\]/g

/** A value as a token that `openedToken` turns back; the same value gives the same token. */
export const tokenOf = (key: SanitisingKey, kind: ValueKind, value: string): string =>
  `tok[${kind}:${sealSiv(key.siv, [Buffer.from(kind)], Buffer.from(value)).toString('base64url')}]`

/** The value behind a token, or nothing where it was changed or made under another key. */
export const openedToken = (key: SanitisingKey, kind: string, sealed: string): string | undefined =>
  openSiv(key.siv, [Buffer.from(kind)], Buffer.from(sealed, 'base64url'))?.toString()

/** `text` with the values that its tokens stand for. Throws DATA_CORRUPT for one that the key doesn't open. */
export const restoredText = (key: SanitisingKey, text: string, place: () => string): Draft => {
  const edits = Array.from(text.matchAll(tokenPattern), ({ index: start, 0: token, 1: kind, 2: sealed }): Edit => {
    const value = openedToken(key, kind!, sealed!)
    if (value !== undefined) return { start, end: start + token.length, text: value }
    throw new BartizanError('DATA_CORRUPT', `${place()}: the key doesn't open the token ${token.slice(0, 24)}...`, {
      hint: 'give the key file that it was made with; a token that was edited or cut off is lost',
      data: { kind, keyId: key.id },
    })
  })
  return edited(draftOf(text), edits)
}
