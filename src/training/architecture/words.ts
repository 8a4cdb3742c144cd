import { BartizanError } from '../../base/errors.ts'

/** A word, comma or bracket of an architecture, and the character it starts at, from 1. */
export interface Word {
  readonly text: string
  readonly at: number
}

/** Words are parted by spaces, line ends and `=`: `stride=2` is `stride 2`. */
export const wordsOf = (text: string): readonly Word[] =>
  [...text.matchAll(/[,[\]]|[^\s,[\]=]+/g)].map((match) => ({ text: match[0], at: match.index + 1 }))

/** An error about a word of an architecture. */
export const refusedWord = (word: Word, message: string, hint?: string): BartizanError =>
  new BartizanError('CONFIG_INVALID', `architecture, "${word.text}" at character ${word.at}: ${message}`, {
    ...(hint !== undefined && { hint }),
    data: { word: word.text, character: word.at },
  })
