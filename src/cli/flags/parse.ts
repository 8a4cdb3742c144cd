import { BartizanError } from '../../base/errors.ts'
import { nearest } from '../../base/registry.ts'
import { numberOrFractionSchema, type RowRange, rowRangeSchema } from '../../contract/index.ts'
import type { Parse } from './flag.ts'

const refuse = (flag: string, written: string, expected: string): BartizanError =>
  new BartizanError('USAGE', `${flag} is "${written}", expected ${expected}`, { data: { flag, written } })

export const text: Parse<string> = (written, flag) => {
  if (written === '') throw refuse(flag, written, 'something')
  return written
}

/** A number, or a fraction such as 8/255. */
export const amount: Parse<number> = (written, flag) => {
  const plain = written.trim() === '' ? Number.NaN : Number(written)
  if (Number.isFinite(plain)) return plain
  const parsed = numberOrFractionSchema.safeParse(written)
  if (!parsed.success) throw refuse(flag, written, 'a number or a fraction such as 8/255')
  return parsed.data
}

export const wholeNumber: Parse<number> = (written, flag) => {
  if (!/^\d+$/.test(written) || !Number.isSafeInteger(Number(written)))
    throw refuse(flag, written, 'a whole number from 0 on')
  return Number(written)
}

export const positiveNumber: Parse<number> = (written, flag) => {
  const value = wholeNumber(written, flag)
  if (value < 1) throw refuse(flag, written, 'a whole number from 1 on')
  return value
}

/** A share from 0 to 1. */
export const share: Parse<number> = (written, flag) => {
  const value = amount(written, flag)
  if (!(value >= 0 && value <= 1)) throw refuse(flag, written, 'a share from 0 to 1')
  return value
}

/** Numbers or fractions with commas between. */
export const amounts: Parse<readonly number[]> = (written, flag) => written.split(',').map((part) => amount(part, flag))

export const names: Parse<readonly string[]> = (written, flag) => written.split(',').map((part) => text(part, flag))

export const shape: Parse<readonly number[]> = (written, flag) => {
  const sides = written.split(/[,x]/).map(Number)
  if (sides.length === 0 || sides.some((side) => !Number.isSafeInteger(side) || side < 1))
    throw refuse(flag, written, 'the sizes of one row, for example 3,224,224')
  return sides
}

export const range: Parse<readonly [number, number]> = (written, flag) => {
  const [low = Number.NaN, high = Number.NaN, ...more] = amounts(written, flag)
  if (more.length > 0 || !(low < high)) throw refuse(flag, written, 'LOW,HIGH with LOW below HIGH, for example 0,1')
  return [low, high]
}

/** Rows A to B - 1, counted from 0. */
export const rows: Parse<RowRange> = (written, flag) => {
  const parsed = rowRangeSchema.safeParse(written)
  if (parsed.success) return parsed.data
  throw new BartizanError('USAGE', `${flag}: ${parsed.error.issues[0]?.message}`, {
    hint: 'rows count from 0 and the end is not included: 0:256 are the first 256 rows',
    data: { flag, written },
  })
}

/** One of a closed list; a near miss is named. */
export const oneOf =
  <const T extends string>(...choices: readonly T[]): Parse<T> =>
  (written, flag) => {
    const found = choices.find((choice) => choice === written.toLowerCase())
    if (found !== undefined) return found
    const guess = nearest(written, choices)
    throw new BartizanError('USAGE', `${flag} is "${written}", expected one of ${choices.join(', ')}`, {
      ...(guess && { hint: `did you mean ${guess}?` }),
      data: { flag, written, choices },
    })
  }

/** `next`, or the number of a class. */
export const targetClass: Parse<'next' | number> = (written, flag) =>
  written === 'next' ? 'next' : /^\d+$/.test(written) ? Number(written) : fail(flag, written)

const fail = (flag: string, written: string): never => {
  throw refuse(flag, written, '"next" (the class after the label) or the number of a class')
}

/** `key=value`. */
export const assignment: Parse<readonly [string, string]> = (written, flag) => {
  const at = written.indexOf('=')
  if (at < 1) throw refuse(flag, written, 'key=value, for example steps=100')
  return [written.slice(0, at), written.slice(at + 1)]
}
