import { expect, it } from 'vitest'
import { z } from 'zod'
import { knownKeys } from './known-keys.ts'

it.each([
  [[], ['list', 'table', 'kinds', 'by']],
  [['list', 3], ['a']],
  [
    ['table', 'any name'],
    ['b', 'c'],
  ],
  [
    ['table', 'constructor'],
    ['b', 'c'],
  ],
  [['kinds'], ['kind', 'd', 'kind', 'e']],
  [['by', 'constructor'], []],
  [['none', 0], []],
])('the keys at %j', (path, keys) => {
  const schema = z.strictObject({
    list: z.array(z.strictObject({ a: z.number().default(1) })).optional(),
    table: z.record(
      z.string(),
      z.union([z.literal('skip').transform(() => ({ z: 1 })), z.strictObject({ b: z.custom(), c: z.string() })]),
    ),
    kinds: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('x'), d: z.string() }),
      z.strictObject({ kind: z.literal('y'), e: z.string() }),
    ]),
    by: z.strictObject({}),
  })
  expect(knownKeys(schema)(path)).toEqual(keys)
})
