import { describe, expect, it } from 'vitest'
import type { EvasionResult, Fitted } from '../../contract/index.ts'
import { figure } from '../../stats/index.ts'
import { attackTitle, evasionFacts } from './evasion-lines.ts'

const result: EvasionResult = {
  rows: 48,
  cleanAccuracy: figure(48, 48),
  robustAccuracy: figure(6, 48),
  distance: { norm: 'l2', median: 1.5, mean: 1.6, max: 3 },
  queries: { forward: 4800, gradient: 0 },
}
const patch: Fitted = {
  kind: 'patch',
  sha256: 'a'.repeat(64),
  shape: [1, 8, 8],
  lowest: 0,
  highest: 1,
  side: 8,
  share: 64 / 784,
  fitRows: 50,
  shownRows: 48,
  judgedRows: 48,
  overlap: 0,
  queries: { forward: 960, gradient: 960 },
}
const linesOf = (more: Partial<EvasionResult>): Record<string, string> =>
  Object.fromEntries(evasionFacts({ ...result, ...more }).filter((pair): pair is [string, string] => Boolean(pair[1])))

describe('what a result says besides its robust accuracy', () => {
  it('is nothing where there is nothing to say', () => {
    expect(linesOf({})).toEqual({})
  })

  it('tells distances, those that repeat once, with the largest share', () => {
    const quantiles = [
      { share: 0.1, distance: 0.5 },
      { share: 0.25, distance: 1.25 },
      { share: 0.5, distance: 1.25 },
    ]
    expect(linesOf({ distance: { ...result.distance, quantiles } })).toEqual({
      Distances: '10 % of the broken rows within 0.5, 50 % within 1.25',
    })
  })

  it('tells what breaking a row took', () => {
    expect(linesOf({ queriesToBreak: { rows: 47, median: 812, ninety: 4000, most: 5100 } })).toEqual({
      'Queries to break': 'median 812 queries, 90 % by 4,000, all 47 broken rows by 5,100',
    })
  })

  it('tells how pictures were moved', () => {
    const largest = { degrees: -30, down: 2, right: -3 }
    const worst = { degrees: 6, down: 0, right: 0, rows: 12 }
    expect(linesOf({ moves: { rows: 40, worst, largest } })).toEqual({
      Moves:
        'most rows broke first when turned 6° left (12 of 40); largest: turned 30° right, shifted 3 px left and 2 px down',
    })
  })

  it('tells the size of a patch, and that its rows were others', () => {
    expect(linesOf({ fitted: patch })).toEqual({
      Patch: '8 × 8 pixels at its largest, 8.2 % of the picture',
      'Made from': '50 rows (48 of them right), judged on 48 others',
      'Making it': '960 rows forward, 960 rows of gradients',
    })
  })

  it('says where rows are judged that it was made from, and where it came from a file', () => {
    expect(linesOf({ fitted: { ...patch, overlap: 48 } })['Made from']).toContain(
      '48 of them among the 48 that it is judged on',
    )
    const { fitRows: _, shownRows: __, overlap: ___, ...rest } = patch
    const file = { path: 'p.npz', sha256: 'b'.repeat(64) }
    expect(linesOf({ fitted: { ...rest, file } })['Made from']).toBe('p.npz; judged on 48 rows')
  })

  it('names an attack with its budget', () => {
    const input = { range: [0, 1] as [number, number], units: 'units', shape: [1, 28, 28] }
    expect(attackTitle({ attack: 'patch', norm: 'patch', epsilon: 0.1 }, input)).toBe('patch of 10.0 % of the picture')
    expect(attackTitle({ attack: 'pgd', norm: 'l2', epsilon: 2 }, input)).toBe('pgd, L2 2')
  })
})
