import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stream } from '../../src/base/random.ts'
import { screeningSchema } from '../../src/contract/screening.ts'
import { bartizan, scratchFolders } from '../cli/bartizan.ts'

/** A table whose values tell the label; of the rows of one supplier every other label is wrong. */
const table = (bad: boolean): string => {
  const random = stream('table')
  const lines = Array.from({ length: 400 }, (_, row) => {
    const content = row % 2
    const supplier = (row >> 1) % 8
    const label = bad && supplier === 5 && (row >> 4) % 2 === 0 ? 1 - content : content
    return [...[0, 1, 2].map((j) => (random.normal() + (j === content ? 4 : 0)).toFixed(3)), label, `s${supplier}`]
  })
  return `${['a,b,c,y,supplier', ...lines.map((cells) => cells.join(','))].join('\n')}\n`
}
const newFolder = scratchFolders()
const rowsOf = (path: string): number => readFileSync(path, 'utf8').trimEnd().split('\n').length - 1

describe('bartizan data screen', () => {
  it('sets the rows of a bad source aside, records it, and releases what a person keeps', async () => {
    const folder = newFolder()
    const at = (name: string): string => join(folder, name)
    writeFileSync(at('rows.csv'), table(true))
    const common = ['data', 'screen', at('rows.csv'), '--label', 'y', '--sources', 'supplier', '--project', folder]
    const first = await bartizan(
      ...[...common, '--quarantine', at('bad.csv'), '--passed', at('good.csv'), '--review', at('review.csv')],
      ...['--report', at('page.html'), '--json', at('result.json')],
    )
    expect(first.exitCode).toBe(1)
    const result = screeningSchema.parse(JSON.parse(readFileSync(at('result.json'), 'utf8')))
    expect(result.screens.find(({ id }) => id === 'provenance')?.reason).toContain('s5')
    expect(result.screens.find(({ id }) => id === 'activation-clustering')?.verdict).toBe('cannot tell')
    expect(result.counts).toMatchObject({ in: 400, passed: 350, quarantined: 50, flagged: 50 })
    expect(rowsOf(at('bad.csv')) + rowsOf(at('good.csv'))).toBe(400)
    expect(readFileSync(at('bad.csv'), 'utf8').split('\n')[0]).toBe('bartizan_row,bartizan_screens,a,b,c,y,supplier')
    expect(existsSync(join(folder, result.outputs.record!.path))).toBe(true)
    expect(readFileSync(at('page.html'), 'utf8')).toContain('350 passed + 50 set aside')

    const review = readFileSync(at('review.csv'), 'utf8').trimEnd().split('\n')
    const [head, ...lines] = review
    const decided = lines.map((line, i) => line.replace(/,,([0-9a-f]{64})$/, `,${i === 0 ? 'keep' : 'remove'},$1`))
    writeFileSync(at('decided.csv'), `${[head, ...decided].join('\n')}\n`)
    const second = await bartizan(
      ...[...common, '--decisions', at('decided.csv'), '--by', 'R. Viewer', '--passed', at('kept.csv')],
      ...['--json', at('second.json')],
    )
    expect(second.exitCode).toBe(0)
    const after = screeningSchema.parse(JSON.parse(readFileSync(at('second.json'), 'utf8')))
    expect(after.counts).toMatchObject({ passed: 351, quarantined: 49, flagged: 0, kept: 1, removed: 49 })
    expect(after.decisions).toMatchObject({ by: 'R. Viewer', kept: 1, removed: 49 })
    expect(rowsOf(at('kept.csv'))).toBe(351)

    writeFileSync(at('other.csv'), table(false))
    const wrong = await bartizan(
      ...['data', 'screen', at('other.csv'), '--label', 'y', '--sources', 'supplier', '--project', folder],
      ...['--decisions', at('decided.csv'), '--by', 'R. Viewer'],
    )
    expect(wrong.exitCode).not.toBe(0)
    expect(wrong.stderr).toContain('other data')
  })

  it('finds nothing in a clean table, and refuses what it does not know', async () => {
    const folder = newFolder()
    const path = join(folder, 'rows.csv')
    writeFileSync(path, table(false))
    const clean = await bartizan('data', 'screen', path, '--label', 'y', '--sources', 'supplier', '--project', folder)
    expect([clean.exitCode, clean.stdout]).toEqual([0, expect.stringContaining('NOTHING FOUND')])
    const unknown = await bartizan('data', 'screen', path, '--screens', 'crystal-ball')
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('there is no screen')])
    const alone = await bartizan('data', 'screen', path, '--label', 'y', '--decisions', path)
    expect(alone.exitCode).toBe(2)
  })
})
