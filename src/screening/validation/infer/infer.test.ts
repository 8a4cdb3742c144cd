import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scratch } from '../../../base/testing.ts'
import { inferSchema } from './infer.ts'

const file = scratch()

const inferred = async (values: readonly (string | number)[]): Promise<string> => {
  writeFileSync(file('sample.csv'), `v\n${values.join('\n')}\n`)
  return (await inferSchema(file('sample.csv'))).text
}

describe('the different values of a column', () => {
  it('are counted exactly in a small table, which is said', async () => {
    expect(await inferred([1.5, 2.5, 3.5, 4.5, 5.5])).toContain('  # 5 different values in 5 rows\n')
    expect(await inferred(['a'])).toContain('  # 1 different value in 1 row\n')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 2000 }), async (drawn) => {
        const counted = /# (\d+) different values? in (\d+) rows?\n/.exec(await inferred(drawn.map((v) => v + 0.5)))
        expect(counted?.slice(1).map(Number)).toEqual([new Set(drawn).size, drawn.length])
      }),
      { seed: 8, numRuns: 10 },
    )
  })

  it('are estimated in a large one', async () => {
    const rows = 1_000_001
    const text = await inferred(Array.from({ length: rows }, (_, i) => (i % 5000) + 0.5))
    const found = Number(/# about (\d+) different values in 1000001 rows\n/.exec(text)?.[1])
    expect(Math.abs(found / 5000 - 1)).toBeLessThan(0.2)
  })
})
