import { expect, it } from 'vitest'
import { likeliestOthers } from './goal.ts'

it('aims at the likeliest classes but the label, the label at the top or not', () => {
  const logits = Float32Array.of(0.5, 3, -1, 2)
  expect(likeliestOthers(logits, 1, 2)).toEqual([3, 0])
  expect(likeliestOthers(logits, 3, 9)).toEqual([1, 0, 2])
})
