import { expect, it } from 'vitest'
import { constantSearch } from './constant-search.ts'

it('grows tenfold until a row breaks, then halves what is left, each row by itself', () => {
  const search = constantSearch(2, 0.1)
  const tried: number[][] = []
  // The first row breaks from 3 on, the second from 0.02 on.
  for (let pass = 0; pass < 5; pass++) {
    tried.push([...search.constants])
    search.update(Uint8Array.from(search.constants, (constant, row) => Number(constant >= [3, 0.02][row]!)))
  }
  expect(tried.map(([first]) => first)).toEqual([0.1, 1, 10, 5.5, 3.25].map((c) => expect.closeTo(c, 12)))
  expect(tried.map(([, second]) => second)).toEqual(
    [0.1, 0.05, 0.025, 0.0125, 0.01875].map((c) => expect.closeTo(c, 12)),
  )
})

it('stops growing at a bound', () => {
  const search = constantSearch(1, 1e9)
  for (let pass = 0; pass < 5; pass++) search.update(Uint8Array.of(0))
  expect(search.constants[0]).toBe(1e10)
})
