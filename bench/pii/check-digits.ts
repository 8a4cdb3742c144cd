import type { Random } from '../../src/base/random.ts'

export const digits = (rng: Random, count: number): string =>
  Array.from({ length: count }, () => rng.integer(10)).join('')
export const sum = (text: string, weights: readonly number[]): number =>
  weights.reduce((total, w, i) => total + w * Number(text[i]), 0)
export const pad = (value: number, size: number): string => String(value).padStart(size, '0')
export const pick = (rng: Random, from: string): string => from[rng.integer(from.length)]!
export const letters = (rng: Random, count: number, from = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'): string =>
  Array.from({ length: count }, () => pick(rng, from)).join('')

export const luhnDigit = (text: string): string => {
  let total = 0
  ;[...text].reverse().forEach((char, i) => {
    const doubled = Number(char) * (i % 2 === 0 ? 2 : 1)
    total += doubled > 9 ? doubled - 9 : doubled
  })
  return String((10 - (total % 10)) % 10)
}

export const birth = (rng: Random) => ({
  year: 1940 + rng.integer(59),
  month: 1 + rng.integer(12),
  day: 1 + rng.integer(28),
})
export const ymd = ({ year, month, day }: ReturnType<typeof birth>): string =>
  pad(year % 100, 2) + pad(month, 2) + pad(day, 2)
export const dmy = ({ year, month, day }: ReturnType<typeof birth>): string =>
  pad(day, 2) + pad(month, 2) + pad(year % 100, 2)

export const again = <T>(make: () => T | undefined): T => {
  for (;;) {
    const made = make()
    if (made !== undefined) return made
  }
}

export const verhoeffD = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
  [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
  [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
  [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
  [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
  [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
  [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
  [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
  [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
]
export const verhoeffP = (() => {
  const rows = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
  ]
  for (let i = 2; i < 8; i++)
    rows.push(rows[i - 1]!.map((_, j) => rows[1]![rows[i - 1]![j]!]!).map((_, j) => rows[i - 1]![rows[1]![j]!]!))
  return rows
})()
export const verhoeff = (text: string): string => {
  for (let check = 0; check < 10; check++) {
    let c = 0
    ;[...`${text}${check}`].reverse().forEach((char, i) => {
      c = verhoeffD[c]![verhoeffP[i % 8]![Number(char)]!]!
    })
    if (c === 0) return String(check)
  }
  return '0'
}

export const mod1110 = (text: string): string => {
  let product = 10
  for (const char of text) {
    let total = (Number(char) + product) % 10
    if (total === 0) total = 10
    product = (total * 2) % 11
  }
  return String((11 - product) % 10)
}

export interface IdMaker {
  readonly what: string
  readonly region: string
  /** How the number is called where it is used. */
  readonly name: string
  readonly make: (rng: Random) => string
  /** Has no check digit: a change of a digit makes another valid number. */
  readonly unchecked?: true
}
