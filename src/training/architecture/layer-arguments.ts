import type { BartizanError } from '../../base/errors.ts'
import { nearest } from '../../base/registry.ts'
import { refusedWord, type Word } from './words.ts'

/** What follows a layer's name: values in order, then or between them options by name. Each is read once. */
export interface LayerArguments {
  /** A whole number from 1 on: the next value in order. */
  count(what: string): number
  count(what: string, fallback: number): number
  /** A number in [low, high): the next value in order. */
  number(what: string, low: number, high: number, fallback: number): number
  /** The next value in order if it is this word. */
  keyword(word: string): boolean
  /** A size along each axis, `5x5`, or one for all, `5`: the next value in order. */
  sizes(what: string, fallback?: number): readonly number[]
  /** A whole number from `low` on, or the keyword, by name. */
  option(name: string, low: number): number | undefined
  option<K extends string>(name: string, low: number, keyword: K): number | K | undefined
  /** One of some words, by name. */
  choice<T extends string>(name: string, words: readonly T[], fallback: T): T
  /** Throws for what nobody read. */
  finish(): void
  /** An error about the layer as a whole. */
  refuse(message: string, hint?: string): BartizanError
}

export const layerArguments = (
  name: Word,
  words: readonly Word[],
  usage: string,
  options: readonly string[],
): LayerArguments => {
  const { values, named } = separated(words, options)
  let next = 0
  const take = (what: string): Word => {
    const word = values[next++]
    if (!word) throw refusedWord(name, `${what} is missing`, `write ${usage}`)
    return word
  }
  const whole = (word: Word, what: string, low: number, text = word.text): number => {
    const value = text === '' ? Number.NaN : Number(text)
    if (!Number.isSafeInteger(value) || value < low)
      throw refusedWord(word, `${what} should be a whole number of ${low} or more`, `write ${usage}`)
    return value
  }
  function option(key: string, low: number): number | undefined
  function option<K extends string>(key: string, low: number, keyword: K): number | K | undefined
  function option<K extends string>(key: string, low: number, keyword?: K): number | K | undefined {
    const word = named.get(key)
    if (!word) return undefined
    return word.text === keyword ? keyword : whole(word, key, low)
  }
  return {
    count: (what, fallback?: number) =>
      fallback !== undefined && next >= values.length ? fallback : whole(take(what), what, 1),
    number(what, low, high, fallback) {
      if (next >= values.length) return fallback
      const word = take(what)
      const value = Number(word.text)
      if (!(value >= low && value < high)) throw refusedWord(word, `${what} should be from ${low} to below ${high}`)
      return value
    },
    keyword(text) {
      const found = values[next]?.text === text
      if (found) next++
      return found
    },
    sizes(what, fallback) {
      if (fallback !== undefined && next >= values.length) return [fallback]
      const word = take(what)
      return word.text.split('x').map((part) => whole(word, what, 1, part))
    },
    option,
    choice(option, choices, fallback) {
      const word = named.get(option)
      if (!word) return fallback
      const found = choices.find((choice) => choice === word.text)
      if (!found) throw refusedWord(word, `${option} should be ${choices.join(' or ')}`)
      return found
    },
    finish() {
      const left = values[next]
      if (!left) return
      const guess = nearest(left.text, options)
      throw refusedWord(
        left,
        `${name.text} doesn't read this`,
        guess ? `did you mean "${guess}"? Write ${usage}` : `write ${usage}`,
      )
    },
    refuse: (message, hint) => refusedWord(name, message, hint),
  }
}

const separated = (words: readonly Word[], options: readonly string[]) => {
  const values: Word[] = []
  const named = new Map<string, Word>()
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!options.includes(word.text)) {
      values.push(word)
      continue
    }
    const value = words[++i]
    if (!value) throw refusedWord(word, 'its value is missing')
    if (named.has(word.text)) throw refusedWord(word, 'it is given twice')
    named.set(word.text, value)
  }
  return { values, named }
}
