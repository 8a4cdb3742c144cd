import { expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { gridOf } from '../rows/grid.ts'
import { bumps, massOf } from './square-bumps.ts'
import { placeWindow, windowShare, windowSides } from './square-schedule.ts'

it.each([
  [0, 0.8],
  [10, 0.8],
  [11, 0.4],
  [51, 0.2],
  [201, 0.1],
  [501, 0.05],
  [1001, 0.025],
  [2001, 0.0125],
  [4001, 0.00625],
  [8001, 0.0015625],
])('proposal %d covers %d of the pixels', (index, share) => {
  expect(windowShare(0.8, index, 10_000, true)).toBe(share)
  expect(windowShare(0.8, index, 10_000, false)).toBe(share)
})

it('stretches the schedule to the number of queries where asked to', () => {
  expect(windowShare(0.8, 101, 1000, true)).toBe(windowShare(0.8, 1010, 10_000, false))
  expect(windowShare(0.8, 101, 1000, false)).toBe(0.2)
})

it.each([
  { dims: [1, 28, 28], share: 0.8, odd: false, sides: { height: 25, width: 25 } },
  { dims: [1, 28, 28], share: 1e-4, odd: false, sides: { height: 1, width: 1 } },
  { dims: [1, 28, 28], share: 1e-4, odd: true, sides: { height: 3, width: 3 } },
  { dims: [1, 28, 28], share: 0.0125, odd: true, sides: { height: 3, width: 3 } },
  { dims: [3, 4, 100], share: 0.5, odd: false, sides: { height: 4, width: 50 } },
  { dims: [100, 4], share: 0.5, odd: false, sides: { height: 50, width: 4 } },
  { dims: [30], share: 0.4, odd: false, sides: { height: 1, width: 12 } },
  { dims: [2], share: 0.4, odd: true, sides: { height: 1, width: 2 } },
])('windows over $share of $dims', ({ dims, share, odd, sides }) => {
  expect(windowSides(gridOf(dims), share, odd)).toEqual(sides)
})

it('places windows everywhere, the last row and column included', () => {
  const grid = gridOf([1, 3, 3])
  const random = stream('places')
  const places = new Set<string>()
  for (let i = 0; i < 200; i++) {
    const { top, left } = placeWindow(grid, { height: 2, width: 2 }, random)
    places.add(`${top},${left}`)
  }
  expect([...places].sort()).toEqual(['0,0', '0,1', '1,0', '1,1'])
})

it.each(['l2', 'l1'] as const)('bumps are two of opposite signs, of unit size, in %s', (norm) => {
  const across = bumps(norm, 4, 3, false)
  expect(massOf(norm, across)).toBeCloseTo(1, 12)
  expect([...across.slice(0, 6)].every((v) => v > 0)).toBe(true)
  expect([...across.slice(6)].every((v) => v < 0)).toBe(true)
  const beside = bumps(norm, 3, 4, true)
  expect([beside[0]! > 0, beside[1]! > 0, beside[2]! < 0, beside[3]! < 0]).toEqual([true, true, true, true])
})

it('the middle of a bump is the sum of all its rectangles', () => {
  const [top, middle, bottom] = bumps('l2', 7, 3, false)
    .slice(0, 9)
    .reduce<number[][]>((lines, v, i) => {
      if (i % 3 === 0) lines.push([])
      lines.at(-1)!.push(v)
      return lines
    }, [])
  expect(middle![1]! / middle![0]!).toBeCloseTo((1 + 1 / 4) / (1 / 4), 9)
  expect(top).toEqual(bottom)
})
