import { expect, it } from 'vitest'
import { figure } from '../../stats/index.ts'
import { certificate } from './vote.ts'

it('counts the rows that are answered rightly whatever so many changes are', () => {
  const vote = { partitions: 9, unit: 'rows' } as const
  expect(certificate([-1, 0, 2, 2, 4], vote)).toEqual({
    ...vote,
    median: 2,
    points: [
      [0, 4],
      [1, 3],
      [2, 3],
      [3, 1],
      [4, 1],
      [5, 0],
    ].map(([changes, right]) => ({ changes, accuracy: figure(right!, 5) })),
    withstands: [-1, 0, 2, 2, 4],
  })
  expect(certificate([-1, -1], vote).points.map(({ accuracy }) => accuracy.value)).toEqual([0, 0])
  const many = certificate([500, 3], { partitions: 1001, unit: 'sources' }).points
  expect(many.length).toBeLessThan(60)
  expect([many[0]!.changes, many[1]!.changes, many.at(-1)!.changes]).toEqual([0, 1, 501])
})
