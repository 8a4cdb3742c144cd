import type { Draws } from './draws.ts'

/** Digits for digits, letters for letters of the same case, everything else as it is. */
export const sameShape = (value: string, draws: Draws): string =>
  value.replace(/[\p{L}\p{N}]/gu, (character) => {
    if (/\p{N}/u.test(character)) return draws.digits(1)
    const upper = character !== character.toLowerCase()
    return String.fromCharCode((upper ? 65 : 97) + draws.integer(26))
  })

/** `word` in the case of `model`. */
export const inCase = (word: string, model: string): string =>
  model === model.toUpperCase() && model.length > 1
    ? word.toUpperCase()
    : model === model.toLowerCase()
      ? word.toLowerCase()
      : word
