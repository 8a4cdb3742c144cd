import { stream } from '../../../base/random.ts'

/**
 * Hartigan's dip: how far the empirical distribution is, at most, from the nearest one with a single peak (Hartigan and
 * Hartigan 1985, Annals of Statistics 13, with the corrections of Maechler's diptest). `sorted`: ascending. Of n equal
 * values, or fewer than two, the least there is: 1 / (2 n).
 */
export const dipOf = (sorted: Float64Array): number => {
  const n = sorted.length
  if (n < 2 || sorted[0] === sorted[n - 1]) return 1 / (2 * Math.max(1, n))
  const x = (i: number): number => sorted[i]!
  const minorant = new Int32Array(n)
  const majorant = new Int32Array(n)
  for (let j = 1; j < n; j++) {
    let i = j - 1
    while (i !== 0 && !((x(j) - x(i)) * (i - minorant[i]!) < (x(i) - x(minorant[i]!)) * (j - i))) i = minorant[i]!
    minorant[j] = i
  }
  majorant[n - 1] = n - 1
  for (let k = n - 2; k >= 0; k--) {
    let i = k + 1
    while (i !== n - 1 && !((x(k) - x(i)) * (i - majorant[i]!) < (x(i) - x(majorant[i]!)) * (k - i))) i = majorant[i]!
    majorant[k] = i
  }
  let low = 0
  let high = n - 1
  let dip = 1
  for (;;) {
    const gcm = [high]
    while (gcm[gcm.length - 1]! > low) gcm.push(minorant[gcm[gcm.length - 1]!]!)
    const lcm = [low]
    while (lcm[lcm.length - 1]! < high) lcm.push(majorant[lcm[lcm.length - 1]!]!)
    let ig = gcm.length - 1
    let ih = lcm.length - 1
    let distance = 1
    if (gcm.length !== 2 || lcm.length !== 2) {
      distance = 0
      let ix = ig - 1
      let iv = 1
      do {
        const g = gcm[ix]!
        const l = lcm[iv]!
        if (g > l) {
          const before = gcm[ix + 1]!
          const gap = l - before + 1 - ((x(l) - x(before)) * (g - before)) / (x(g) - x(before))
          iv++
          if (gap >= distance) {
            distance = gap
            ig = ix + 1
            ih = iv - 1
          }
        } else {
          const before = lcm[iv - 1]!
          const gap = ((x(g) - x(before)) * (l - before)) / (x(l) - x(before)) - (g - before - 1)
          ix--
          if (gap >= distance) {
            distance = gap
            ig = ix + 1
            ih = iv
          }
        }
        ix = Math.max(0, ix)
        iv = Math.min(lcm.length - 1, iv)
      } while (gcm[ix] !== lcm[iv])
    }
    if (distance < dip) break
    let inside = 1
    for (let j = ig; j + 1 < gcm.length; j++) inside = Math.max(inside, bend(sorted, gcm[j + 1]!, gcm[j]!, 1))
    for (let j = ih; j + 1 < lcm.length; j++) inside = Math.max(inside, bend(sorted, lcm[j]!, lcm[j + 1]!, -1))
    dip = Math.max(dip, inside)
    if (low === gcm[ig] && high === lcm[ih]) break
    low = gcm[ig]!
    high = lcm[ih]!
  }
  return dip / (2 * n)
}

/** How far the steps between two touching points stand off the line through them, above (1) or below (-1), in counts. */
const bend = (sorted: Float64Array, from: number, to: number, side: 1 | -1): number => {
  if (to - from <= 1 || sorted[to] === sorted[from]) return 1
  const slope = (to - from) / (sorted[to]! - sorted[from]!)
  let most = 1
  for (let j = from; j <= to; j++) {
    const off = side * (j - from - (sorted[j]! - sorted[from]!) * slope) + 1
    most = Math.max(most, off)
  }
  return most
}

const draws = 1999
const nulls = new Map<number, Float64Array>()

const sizes = [50, 100, 200, 500, 1000]

/**
 * sqrt(n) times the dip of n uniform numbers, 1,999 draws, ascending: of all distributions with one peak the uniform has
 * the largest dips, so that a p-value from it holds for any. It hardly changes with n: the next larger of a few sizes
 * stands for all, the largest for those beyond.
 */
export const dipNull = (n: number): Float64Array => {
  const size = sizes.find((each) => each >= n) ?? 1000
  const known = nulls.get(size)
  if (known) return known
  const random = stream('dip', size)
  const drawn = Float64Array.from(
    { length: draws },
    () => Math.sqrt(size) * dipOf(Float64Array.from({ length: size }, () => random.uniform()).sort()),
  ).sort()
  nulls.set(size, drawn)
  return drawn
}

/** Share of clean draws at least as large as the dip of `values`, counting the values themselves as one; in any order. */
export const dipTest = (values: Float64Array): { dip: number; null: Float64Array; p: number } => {
  const n = values.length
  const drawn = dipNull(n)
  const dip = Math.sqrt(n) * dipOf(values.slice().sort())
  let low = 0
  let high = drawn.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (drawn[middle]! >= dip) high = middle
    else low = middle + 1
  }
  return { dip, null: drawn, p: (1 + drawn.length - low) / (1 + drawn.length) }
}
