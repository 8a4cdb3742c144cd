import { expect, it } from 'vitest'
import { summariseMoves } from './moves.ts'

it('names the move that most rows broke by, and the largest', () => {
  const small = { degrees: 6, down: 0, right: 0 }
  const far = { degrees: -30, down: 0, right: 3 }
  expect(summariseMoves([undefined, small, far, { ...small }, undefined])).toEqual({
    rows: 3,
    worst: { ...small, rows: 2 },
    largest: far,
  })
  expect(summariseMoves([undefined])).toBeUndefined()
})
