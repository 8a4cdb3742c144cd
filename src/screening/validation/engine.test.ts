import { writeFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { failure, scratch } from '../../data/testing.ts'
import { openEngine } from './engine.ts'

const at = scratch()
/** One value that holds every row: it can't be spilled. */
const greedy = 'SELECT len(list(i)) FROM range(200000000) t(i)'

const engine = async () => {
  writeFileSync(at('rows.csv'), 'a\n1\n')
  const opened = await openEngine({ reads: [at('rows.csv')] })
  onTestFinished(opened.close)
  return opened
}

describe('refusal', () => {
  it("gives the engine's words, without the kind of error", async () => {
    const { refusal } = await engine()
    expect(await refusal('SELECT 1')).toBeUndefined()
    expect(await refusal(`SELECT regexp_full_match('', '(')`)).toBe('missing ): (')
  })

  it('is no refusal where memory runs out: that says nothing about what was asked', async () => {
    const { refusal, rows } = await engine()
    for (const ask of [refusal, rows]) {
      const error = await failure('DATA_FORMAT_UNSUPPORTED', () => ask(greedy))
      expect(error.message).toBe(`${at('rows.csv')}: memory ran out; a table may take 640 MB of it`)
    }
  })
})
