import { expect, it } from 'vitest'
import { runAttack } from '../../../threat/runner.ts'
import { linearClassifier, mnistRows, predictedRows, rawCandidates } from '../../testing.ts'
import { apgdCe } from '../apgd/apgd.ts'
import { autoattack } from './autoattack.ts'

const few = { steps: 10, targets: 2, queries: 30 }

it('breaks every row of an undefended net, most of them in the first stage', async () => {
  const rows = await mnistRows(16)
  const request = { attack: autoattack, ...rows, norm: 'linf', epsilon: 0.3, low: 0, high: 1, parameters: few } as const
  const { broken, refused, queries } = await runAttack(request)
  expect(broken).toEqual(Array(16).fill(true))
  expect(refused).toEqual([])
  expect(queries.gradient).toBeLessThan(16 * 15)
})

it('passes on only the rows that withstood, and gives them back as they were', async () => {
  const rows = await mnistRows(16)
  const setting = { norm: 'linf', epsilon: 0.1 } as const
  const { candidates, predicted, target } = await rawCandidates(autoattack, rows, { ...setting, parameters: few })
  const robust = [...predicted.keys()].filter((row) => predicted[row] === rows.labels[row])
  expect(robust.length).toBeGreaterThan(4)
  expect(robust.length).toBeLessThan(16)
  for (const row of robust)
    expect(candidates.subarray(row * 784, (row + 1) * 784)).toEqual(rows.x.subarray(row * 784, (row + 1) * 784))
  // A robust row costs 11 gradients in APGD-CE and for each target of APGD-T, and 10 for each target of FAB-T.
  expect(target.queries.gradient).toBeGreaterThanOrEqual(robust.length * (11 + 2 * 11 + 2 * 10))
  expect(target.queries.gradient).toBeLessThan(16 * (11 + 2 * 11 + 2 * 10))
  const single = await rawCandidates(apgdCe, rows, { ...setting, parameters: { steps: 10 } })
  expect([...single.predicted].filter((k, row) => k === rows.labels[row]).length).toBeGreaterThanOrEqual(robust.length)
})

it.each(['linf', 'l2', 'l1'] as const)('attacks models of two classes in %s', async (norm) => {
  const rows = await predictedRows(
    await linearClassifier(
      [
        [1, 2, -1],
        [-1, 0, 1],
      ],
      [0.1, 0],
    ),
    4,
  )
  const { predicted } = await rawCandidates(autoattack, rows, { norm, epsilon: 3, parameters: few })
  expect([...predicted].every((k, row) => k !== rows.labels[row])).toBe(true)
})
