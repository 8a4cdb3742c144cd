import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fedInUnits } from '../../../models/in-units.ts'
import { constraintsFrom } from '../../../threat/constraints/from-rules.ts'
import { randomCase } from '../../../threat/constraints/testing.ts'
import { isNorm, type Norm } from '../../../threat/norm.ts'
import { fitAttack, runAttack } from '../../../threat/runner.ts'
import { attacks } from '../../index.ts'
import { contextFor, predictedRows, randomNet, rawCandidates } from '../../testing.ts'

const model = await randomNet([8], 3)
const surrogates = [await randomNet([8], 3, 8)]

/** Less work, for whatever parameter an attack has. */
const quick = { steps: 4, restarts: 1, queries: 40, 'initial-evaluations': 10, 'search-steps': 2 }
const quickFor = (parameters: object) => Object.fromEntries(Object.entries(quick).filter(([key]) => key in parameters))

const forTables = [...attacks.values()].filter(
  ({ domain = 'any', norms }) => (domain === 'any' || domain === 'tables') && norms.some(isNorm),
)
const cases = forTables.map((attack) => ({ id: attack.id, attack }))

describe('every attack on a table', () => {
  it.each(cases)('$id returns rows that keep every constraint', async ({ attack }) => {
    await fc.assert(
      fc.asyncProperty(
        randomCase(),
        fc.constantFrom(...attack.norms.filter(isNorm)),
        fc.constantFrom(0.5, 2, 4),
        async ({ rules, clean }, norm, epsilon) => {
          const constraints = constraintsFrom(rules)
          const outside = clean.map((value) => value + 0.3)
          const x = Float32Array.from([...clean, ...clean, ...outside])
          const { labels } = await labelled(x)
          const { unit } = rules
          const request = {
            attack,
            model,
            x,
            labels,
            norm,
            epsilon,
            low: 0,
            high: 10,
            constraints: constraintsFrom({ ...rules, unit: unit.map(() => 1) }),
            surrogates,
            parameters: quickFor(attack.parameters),
          }
          const outcome = await runAttack({ ...request, fitted: (await fitAttack(request))?.values })
          for (const row of [0, 1]) {
            const changed = outcome.adversarial.subarray(8 * row, 8 * row + 8)
            expect(constraints.violations(clean, changed)).toEqual([])
            if (outcome.broken[row]) expect(outcome.distances[row]).toBeLessThanOrEqual(epsilon + 1e-4)
            if (!attack.minimal) expect(outcome.distances[row]).toBeLessThanOrEqual(epsilon + 1e-4)
          }
          if (constraints.violations(outside, outside).length === 0) return
          expect(outcome.outside).toEqual([2])
          expect([...outcome.adversarial.subarray(16)]).toEqual([...outside])
        },
      ),
      { numRuns: 8 },
    )
  })
})

const labelled = async (x: Float32Array) => {
  const context = contextFor(
    attacks.get('square')!,
    { model, x, labels: new Int32Array(3) },
    { norm: 'linf', epsilon: 1 },
  )
  return { labels: await context.target.predict(x, 3) }
}

describe('attacks that see the constraints', () => {
  const own = ['constrained-pgd', 'lowprofool', 'mixed', 'mixed-labels', 'hopskipjump', 'boundary', 'surfree'].map(
    (id) => ({ id, attack: attacks.get(id)! }),
  )

  it.each(own)('$id keeps constraints and budget by itself', async ({ attack }) => {
    await fc.assert(
      fc.asyncProperty(randomCase(), fc.constantFrom(...(attack.norms as Norm[])), async ({ rules, clean }, norm) => {
        const constraints = constraintsFrom({ ...rules, unit: rules.unit.map(() => 1) })
        const rows = {
          model,
          x: clean,
          labels: (await labelled(Float32Array.from([...clean, ...clean, ...clean]))).labels.slice(0, 1),
        }
        const setting = { norm, epsilon: 3, low: 0, high: 10, constraints, parameters: quickFor(attack.parameters) }
        const { candidates } = await rawCandidates(attack, rows, setting)
        expect(constraints.violations(clean, candidates)).toEqual([])
        if (attack.minimal) return
        const change = candidates.map((value, at) => value - clean[at]!)
        expect(sizeOf(norm, change)).toBeLessThanOrEqual(3 + 1e-4)
      }),
      { numRuns: 15 },
    )
  })

  it('sees rows in units of cost, and is judged in them', async () => {
    const rows = await predictedRows(model, 6, 0, 10)
    const unit = Float64Array.of(0.5, 1, 4, 1, 1, 1, 1, 1)
    const origin = new Float64Array(8).fill(1)
    const inUnits = await randomNet([8], 3)
    const context = { unit, origin, range: [-2, 18] as const, model: fedInUnits(inUnits, { unit, origin }) }
    const rules = {
      features: [...unit.keys()].map((at) => ({ name: `columns.${at}`, change: 'any' as const, low: 0, high: 10 })),
      groups: [],
      relations: [],
      unit,
    }
    const outcome = await runAttack({
      ...rows,
      attack: attacks.get('mixed')!,
      norm: 'l2',
      epsilon: 2,
      low: 0,
      high: 10,
      units: context,
      constraints: constraintsFrom(rules),
      parameters: { queries: 200 },
    })
    expect(outcome.broken).toContain(true)
    for (const row of rows.labels.keys()) {
      const change = Float32Array.from(
        unit,
        (u, at) => (outcome.adversarial[8 * row + at]! - rows.x[8 * row + at]!) / u,
      )
      expect(outcome.distances[row]).toBeCloseTo(sizeOf('l2', change), 4)
      expect(outcome.distances[row]).toBeLessThanOrEqual(2 + 1e-4)
    }
  })
})

const sizeOf = (norm: Norm, change: Float32Array): number => {
  const sizes = [...change].map(Math.abs)
  if (norm === 'linf') return Math.max(...sizes)
  if (norm === 'l0') return sizes.filter((size) => size > 0).length
  return norm === 'l2' ? Math.hypot(...sizes) : sizes.reduce((sum, size) => sum + size, 0)
}
