import { expect, it } from 'vitest'
import { gridOf, visitWindow } from './grid.ts'

it.each([
  [[30], { channels: 1, height: 1, width: 30 }],
  [[28, 20], { channels: 1, height: 28, width: 20 }],
  [[3, 8, 9], { channels: 3, height: 8, width: 9 }],
  [[8, 9, 3], { channels: 3, height: 8, width: 9 }],
  [[2, 3, 4, 5], { channels: 6, height: 4, width: 5 }],
])('reads rows of shape %j as pictures', (dims, expected) => {
  expect(gridOf(dims)).toMatchObject(expected)
})

it.each([
  { dims: [2, 3, 4], at: [12 + 4 + 2, 12 + 4 + 3, 12 + 8 + 2, 12 + 8 + 3] },
  // Channels last: 5 x 6 pixels of 2.
  { dims: [5, 6, 2], at: [12 + 5, 12 + 7, 24 + 5, 24 + 7] },
])('finds the pixels of a window in rows of shape $dims', ({ dims, at }) => {
  const visited: number[] = []
  visitWindow(gridOf(dims), 1, { top: 1, left: 2, height: 2, width: 2 }, (place) => visited.push(place))
  expect(visited).toEqual(at)
})
