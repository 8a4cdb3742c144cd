/** Levels (bytes) spread so that each is about as frequent: the lowest becomes 0, the highest 255. */
export const equalised = (levels: Float64Array): Float64Array => {
  const counts = new Int32Array(256)
  for (const level of levels) counts[level]!++
  const lowest = counts.findIndex((count) => count > 0)
  const others = levels.length - counts[lowest]!
  if (others === 0) return levels
  let below = 0
  const table = Float64Array.from(counts, (count, level) => {
    if (level > lowest) below += count
    return Math.round((255 * below) / others)
  })
  return levels.map((level) => table[level]!)
}
