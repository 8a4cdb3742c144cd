import { describe, expect, it } from 'vitest'
import type { AnyAttack } from '../threat/attack.ts'
import { distances, isNorm, type Measure, tolerance } from '../threat/norm.ts'
import type { AnyParameters } from '../threat/parameters.ts'
import { runAttack } from '../threat/runner.ts'
import { attacks } from './index.ts'
import { predictedRows, type Rows, randomForest, randomNet, rawCandidates, someRows } from './testing.ts'

const anyRows = await predictedRows(await randomNet([2, 4, 5], 5), 6)
const images: Rows = {
  ...(await predictedRows(await randomNet([3, 9, 8], 5), 6)),
  surrogates: [await randomNet([3, 9, 8], 5, 8), await randomNet([3, 9, 8], 5, 24)],
}
const tables = await predictedRows(await randomNet([7], 4), 6)
const trees = await predictedRows(await randomForest(7, 4), 6)
const rowsFor = ({ domain, transfers }: AnyAttack): Rows =>
  domain === 'trees' ? trees : domain?.endsWith('images') || transfers ? images : domain === 'tables' ? tables : anyRows

/** Less work, for whatever parameter an attack has. */
const quick: AnyParameters = { steps: 12, restarts: 1, queries: 80, 'initial-evaluations': 20 }
const quickFor = (parameters: object): AnyParameters =>
  Object.fromEntries(Object.entries(quick).filter(([key]) => key in parameters))

const evasion = [...attacks.values()]
const budgetsIn = (norm: Measure): readonly number[] => (norm === 'severity' ? [1, 3, 5] : [0, 0.01, 0.3])
const cases = evasion.flatMap((attack) =>
  attack.norms.flatMap((norm) => budgetsIn(norm).map((epsilon) => ({ attack, id: attack.id, norm, epsilon }))),
)
const slack = (norm: Measure, epsilon: number, size: number): number => tolerance(norm, epsilon, size, 1)

describe('every attack', () => {
  it.each(cases)(
    '$id keeps the range and the budget $epsilon in $norm by itself',
    async ({ attack, norm, epsilon }) => {
      const rows = rowsFor(attack)
      const parameters = quickFor(attack.parameters)
      const { candidates } = await rawCandidates(attack, rows, { norm, epsilon, parameters })
      expect(candidates.every((value) => value >= 0 && value <= 1)).toBe(true)
      if (attack.minimal || !isNorm(norm)) return
      for (const size of distances(norm, candidates, rows.x, rows.model.size))
        expect(size).toBeLessThanOrEqual(epsilon + slack(norm, epsilon, rows.model.size))
    },
  )

  it.each(cases.filter(({ epsilon }) => epsilon > 0))(
    '$id counts a row as broken at $epsilon in $norm only within the budget',
    async ({ attack, norm, epsilon }) => {
      const rows = rowsFor(attack)
      const request = { attack, ...rows, norm, epsilon, low: 0, high: 1, parameters: quickFor(attack.parameters) }
      const { broken, distances: sizes, after } = await runAttack(request)
      for (const [row, fooled] of broken.entries())
        if (fooled) {
          expect(sizes[row]).toBeLessThanOrEqual(epsilon + slack(norm, epsilon, rows.model.size))
          expect(after[row]).not.toBe(rows.labels[row])
        }
    },
  )

  it.each(cases.filter(({ norm, epsilon }) => epsilon === budgetsIn(norm).at(-1)))(
    '$id treats rows alike together and apart in $norm',
    async ({ attack, norm, epsilon }) => {
      const rows = rowsFor(attack)
      const setting = { norm, epsilon, parameters: quickFor(attack.parameters) }
      const together = await rawCandidates(attack, rows, setting)
      const apart = await Promise.all(
        [0, 4].map((from, i) =>
          rawCandidates(attack, someRows(rows, from, [4, 6][i]!), {
            ...setting,
            firstRow: from,
            fitted: together.fitted,
          }),
        ),
      )
      expect(apart.flatMap(({ predicted }) => [...predicted])).toEqual([...together.predicted])
      const separate = apart.flatMap(({ candidates }) => [...candidates])
      for (const [at, value] of together.candidates.entries())
        expect(Math.abs(value - separate[at]!)).toBeLessThan(1e-5)
    },
  )
})
