import { describe, expect, it } from 'vitest'
import { resolveParameters } from '../../threat/parameters.ts'
import type { ScreenContext } from '../../threat/screen.ts'
import type { Rows } from './rows.ts'
import { outlierScreens } from './screens.ts'
import { normalRows, screenContext } from './testing.ts'

const run = (id: string, context: ScreenContext, given = {}) => {
  const screen = outlierScreens.get(id)!
  return screen.run(context, resolveParameters(id, screen.parameters, given))
}

/** Two classes of 150 rows far from one another; in class 1 seven rows lie far out, and three look like class 0. */
const strange = [1, 31, 61, 91, 121, 151, 181, 201, 221, 241]
const twoClasses = (): { readonly rows: Rows; readonly labels: Int32Array } => {
  const rows = normalRows(300, 6, 'classes')
  const labels = Int32Array.from({ length: 300 }, (_, row) => row % 2)
  for (let row = 0; row < 300; row++) {
    const place = strange.indexOf(row)
    const shift = place < 0 ? 12 * labels[row]! : place < 7 ? (place % 2 === 0 ? 40 : -40) : 0
    for (let j = 0; j < 6; j++) rows.values[row * 6 + j]! += shift
  }
  return { rows, labels }
}

const quick = ['hbos', 'ecod', 'isolation-forest', 'mahalanobis', 'knn']

describe('outliers as screens', () => {
  it.each(quick)('%s: finds nothing in clean classes, and says what it compared', async (id) => {
    const rows = normalRows(300, 6, 'clean')
    const labels = Int32Array.from({ length: 300 }, (_, row) => row % 2)
    const result = await run(id, screenContext(rows, { labels, classes: 2 }))
    expect(result.verdict).toBe('nothing found')
    expect(result.flagged.length).toBe(0)
    expect(result.null.map(({ statistic }) => statistic)).toEqual(
      [0, 1].map((c) => `largest ${id} score of class ${c}`),
    )
    for (const { median, q95, q99, p } of result.null) {
      expect(median).toBeLessThan(q95)
      expect(q95).toBeLessThan(q99)
      expect(p).toBeGreaterThan(0.01)
    }
    expect(result.scores.every(Number.isFinite)).toBe(true)
  })

  it.each(['mahalanobis', 'knn'])(
    '%s: flags rows that are strange in their class, though at home in another',
    async (id) => {
      const { rows, labels } = twoClasses()
      const result = await run(id, screenContext(rows, { labels, classes: 2 }))
      expect(result.verdict).toBe('flagged')
      expect([...result.flagged]).toEqual(strange)
      expect(result.null[1]!.measured).toBeGreaterThan(result.null[1]!.q99)
    },
  )

  it('looks at the features where there are some, unless told not to', async () => {
    const { rows, labels } = twoClasses()
    const dull = normalRows(300, 2, 'dull')
    const context = screenContext(dull, { labels, classes: 2, features: { values: rows.values, width: rows.width } })
    expect([...(await run('knn', context)).flagged]).toEqual(strange)
    expect((await run('knn', context, { space: 'rows' })).flagged.length).toBe(0)
    await expect(run('knn', screenContext(dull), { space: 'features' })).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('judges by trusted rows where there are enough, and cannot tell where there are not', async () => {
    const { rows, labels } = twoClasses()
    const clean = normalRows(4000, 6, 'trusted')
    const trustedLabels = Int32Array.from({ length: 4000 }, (_, row) => row % 2)
    for (let row = 1; row < 4000; row += 2) for (let j = 0; j < 6; j++) clean.values[row * 6 + j]! += 12
    const trusted = { x: clean.values, labels: trustedLabels }
    const result = await run('knn', screenContext(rows, { labels, classes: 2, trusted }))
    for (const row of strange) expect(result.flagged).toContain(row)
    expect(result.flagged.length).toBeLessThanOrEqual(strange.length + 2)
    const few = { x: clean.values.slice(0, 60), labels: trustedLabels.slice(0, 10) }
    const refused = await run('knn', screenContext(rows, { labels, classes: 2, trusted: few }))
    expect(refused).toMatchObject({ verdict: 'cannot tell', null: [] })
    expect(refused.reason).toContain('too few')
  })

  it('cannot tell of small classes and identical rows, and says so beside what it could judge', async () => {
    const rows = normalRows(120, 3, 'small')
    const small = Int32Array.from({ length: 120 }, (_, row) => (row < 119 ? 0 : 4))
    const beside = await run('knn', screenContext(rows, { labels: small, classes: 5 }))
    expect(beside.verdict).toBe('nothing found')
    expect(beside.reason).toContain('class 4: 1 rows')
    const tiny = await run('knn', screenContext(normalRows(1, 3, 'one')))
    expect(tiny).toMatchObject({ verdict: 'cannot tell', scores: Float64Array.of(0) })
    const identical = { values: new Float32Array(300).fill(2), rows: 100, width: 3 }
    for (const id of quick) expect((await run(id, screenContext(identical))).verdict).toBe('cannot tell')
    expect((await run('knn', screenContext({ values: new Float32Array(0), rows: 0, width: 3 }))).verdict).toBe(
      'cannot tell',
    )
  })

  it('refuses values that are no numbers, by row and column', async () => {
    const rows = normalRows(100, 3, 'nan')
    rows.values[3 * 3 + 1] = Number.NaN
    await expect(run('hbos', screenContext(rows))).rejects.toMatchObject({ data: { row: 3, column: 1 } })
  })
})
