import { describe, expect, it } from 'vitest'
import { findPii } from '../../src/screening/pii/index.ts'
import { detectors } from '../../src/screening/pii/registry.ts'
import { type Scan, scanOf } from '../../src/screening/pii/scan.ts'

/** What makes careless patterns try again and again: the start of a value over and over, or one that never ends. */
const pieces = [
  'a',
  '1',
  ' ',
  '1 ',
  '1-',
  '1.',
  '12 ',
  '(1',
  '+1',
  '@',
  'a@',
  'a@a',
  'a.',
  'a@a.',
  'a@b.c-',
  '"a"@',
  '"@',
  'a:',
  ':',
  '::',
  'f:',
  '0:',
  '00:',
  '00-',
  'http://',
  'http://a(',
  'www.',
  'www.a.b',
  '://',
  'DE89 ',
  'DE89',
  '4111 ',
  '4111',
  '123-45-',
  'A1 ',
  'A1',
  'John ',
  'John Smith ',
  'J. ',
  'Mr. ',
  'de la ',
  "O'",
  'A-',
  '12 Rue ',
  '1 A ',
  '12 Old ',
  'Straße 1 ',
  'Calle de ',
  '1, A ',
  'born 1/1/',
  '1 March ',
  'March 1 ',
  '-----BEGIN PRIVATE KEY-----',
  'eyJ',
  'eyJa.',
  'AKIA',
  'xoxb-1',
  'password: ',
  'password=',
  '52.1234,',
  '52°1',
  'P<',
  '王',
  '김',
  '田中',
  '氏名:',
  '1年',
  'É',
  '\u0301',
  '😀',
  '\n',
  '\t',
  '=',
  "'",
  '"',
  '%',
  '_',
  '\\',
  '\u0000',
]

/** The scan with its arrays counting how often they are read. */
const counting = (scan: Scan): { readonly scan: Scan; readonly reads: () => number } => {
  let reads = 0
  const counted = <T extends object>(array: T): T =>
    new Proxy(array, {
      get: (target, key) => {
        reads++
        const value: unknown = Reflect.get(target, key)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  return {
    scan: { ...scan, starts: counted(scan.starts), ends: counted(scan.ends), flags: counted(scan.flags) },
    reads: () => reads,
  }
}

const work = (text: string): number => {
  const { scan, reads } = counting(scanOf(text, new Map(), undefined))
  for (const { find } of detectors) find(scan, () => undefined, 0.5)
  return reads()
}

describe('hostile text', () => {
  it.each(pieces)('looks at words no more than linearly often: %j', (piece) => {
    const [short, long] = [600, 2_400].map((size) => work(piece.repeat(Math.ceil(size / piece.length))))
    expect(long!).toBeLessThanOrEqual(4.6 * short! + 2_000)
  })

  // Without a bound on each search these would run into the limit of the test.
  it('gets through 100 kB of what begins a value and 10 kB of each piece', () => {
    const long = new Set([
      '@',
      'a@',
      'a@a.',
      '"@',
      'http://',
      '::',
      'eyJ',
      '4111',
      '1',
      'A-',
      '-----BEGIN PRIVATE KEY-----',
    ])
    for (const piece of pieces) {
      const text = piece.repeat(Math.ceil((long.has(piece) ? 100_000 : 10_000) / piece.length))
      expect(findPii(text).every((hit) => hit.end <= text.length)).toBe(true)
    }
  })
})
