import { expect, it } from 'vitest'
import { sizeSearch } from './size-search.ts'

it('ends within a hundredth above the smallest size that can be reached', () => {
  const smallest = 0.137
  const search = sizeSearch(1, { patience: 3, decrease: 0.9 })
  let steps = 0
  while (search.advance(search.tau() >= smallest ? search.tau() : undefined)) steps++
  expect(search.nearest()).toBeGreaterThanOrEqual(smallest)
  expect(search.nearest()).toBeLessThan(smallest * 1.01)
  expect(steps).toBeLessThan(60)
})

it('stays at the largest size while nothing has broken the row', () => {
  const search = sizeSearch(2, { patience: 1, decrease: 0.5 })
  for (let step = 0; step < 5; step++) expect(search.advance(undefined)).toBe(true)
  expect(search.tau()).toBe(2)
  search.advance(1.5)
  expect(search.tau()).toBe(0.75)
})

it('ends where the row is broken without a change', () => {
  expect(sizeSearch(1, { patience: 1, decrease: 0.9 }).advance(0)).toBe(false)
})
