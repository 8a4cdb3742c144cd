import { expect, it } from 'vitest'
import { permutation } from './permutation.ts'
import { stream } from './random.ts'

it('holds every number once, in an order of the stream alone', () => {
  const order = permutation(50, stream(1, 'order'))
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  expect([...permutation(50, stream(1, 'order'))]).toEqual([...order])
  expect([...permutation(50, stream(2, 'order'))]).not.toEqual([...order])
})

it('is uniform: each number is as often in each place', () => {
  const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0])
  for (let i = 0; i < 4000; i++) for (const [at, value] of permutation(4, stream(i)).entries()) counts[at]![value]!++
  for (const count of counts.flat()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(750))
})
