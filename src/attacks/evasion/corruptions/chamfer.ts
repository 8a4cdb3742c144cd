/** Steps to pixels already passed, and what they cost: Borgefors' chamfer distances 1986, fitted to Euclid's on 5 × 5. */
const steps = [
  [-1, 0, 1],
  [0, -1, 1],
  [-1, -1, 1.4],
  [-1, 1, 1.4],
  [-2, -1, 2.1969],
  [-2, 1, 2.1969],
  [-1, -2, 2.1969],
  [-1, 2, 2.1969],
] as const

/** How far each pixel is from the nearest marked one, at most `furthest`. */
export const distancesTo = (marked: Uint8Array, width: number, furthest: number): Float64Array => {
  const height = marked.length / width
  const distance = Float64Array.from(marked, (mark) => (mark ? 0 : furthest))
  const relax = (y: number, x: number, sign: 1 | -1): void => {
    const i = y * width + x
    for (const [dy, dx, cost] of steps) {
      const [fromY, fromX] = [y + sign * dy, x + sign * dx]
      if (fromY < 0 || fromY >= height || fromX < 0 || fromX >= width) continue
      distance[i] = Math.min(distance[i]!, distance[fromY * width + fromX]! + cost)
    }
  }
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) relax(y, x, 1)
  for (let y = height - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--) relax(y, x, -1)
  return distance
}
