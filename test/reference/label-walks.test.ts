import { afterAll, describe, expect, it } from 'vitest'
import { attacks } from '../../src/attacks/index.ts'
import { median } from '../../src/stats/index.ts'
import { distances } from '../../src/threat/norm.ts'
import { runAttack } from '../../src/threat/runner.ts'
import { model, stored } from '../support/fixtures.ts'

const net = await model('mnist-cnn')
afterAll(() => net.release())

describe("foolbox 3.3.4's boundary attack, on the rows that it attacked with 1,692 queries each", () => {
  it.each([
    { id: 'boundary', queries: 1692, most: 3.2 },
    { id: 'surfree', queries: 500, most: 3.2 },
  ])('is beaten by $id with $queries: median L2 at most $most', async ({ id, queries, most }) => {
    const reference = await stored('mnist-cnn.foolbox16')
    const theirs = distances(
      'l2',
      reference.of('boundary-l2'),
      reference.x.slice(0, reference.of('boundary-l2').length),
      784,
    )
    const labels = reference.y.slice(0, theirs.length)
    const x = reference.x.slice(0, theirs.length * net.size)
    const { distances: ours, broken } = await runAttack({
      ...{ attack: attacks.get(id)!, model: net, x, labels },
      ...{ norm: 'l2', epsilon: 1e6, low: 0, high: 1, parameters: { queries } },
    })
    expect(median([...theirs])).toBeCloseTo(7.584, 2)
    expect(broken.every(Boolean)).toBe(true)
    for (const [row, length] of ours.entries()) expect(length).toBeLessThan(theirs[row]!)
    expect(median([...ours])).toBeLessThan(most)
  })
})
