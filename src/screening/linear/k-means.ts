import type { Random } from '../../base/random.ts'

export interface TwoMeans {
  /** 0 or 1 for each point. */
  readonly cluster: Uint8Array
  /** [2, width]. */
  readonly centres: Float64Array
  /** Sum of squared distances to the nearest centre. */
  readonly inertia: number
  readonly sizes: readonly [number, number]
}

const squaredDistance = (a: Float64Array, i: number, b: Float64Array, j: number, width: number): number => {
  let sum = 0
  for (let k = 0; k < width; k++) sum += (a[i * width + k]! - b[j * width + k]!) ** 2
  return sum
}

/** Lloyd's iterations from two points: the second is drawn with odds as its squared distance from the first (k-means++). */
const once = (points: Float64Array, width: number, random: Random): TwoMeans => {
  const n = points.length / width
  const centres = new Float64Array(2 * width)
  const first = random.integer(n)
  centres.set(points.subarray(first * width, (first + 1) * width))
  const far = Float64Array.from({ length: n }, (_, i) => squaredDistance(points, i, centres, 0, width))
  let left = random.uniform() * far.reduce((sum, value) => sum + value, 0)
  let second = far.findIndex((value) => {
    left -= value
    return left < 0
  })
  if (second < 0) second = n - 1
  centres.set(points.subarray(second * width, (second + 1) * width), width)
  const cluster = new Uint8Array(n)
  for (let step = 0; step < 300; step++) {
    let changed = step === 0
    let inertia = 0
    const sizes: [number, number] = [0, 0]
    const sums = new Float64Array(2 * width)
    for (let i = 0; i < n; i++) {
      const [d0, d1] = [0, 1].map((c) => squaredDistance(points, i, centres, c, width)) as [number, number]
      const nearest = d1 < d0 ? 1 : 0
      if (cluster[i] !== nearest) changed = true
      cluster[i] = nearest
      sizes[nearest]++
      inertia += Math.min(d0, d1)
      for (let k = 0; k < width; k++) sums[nearest * width + k]! += points[i * width + k]!
    }
    if (!changed) return { cluster, centres, inertia, sizes }
    for (const c of [0, 1] as const)
      if (sizes[c] > 0) for (let k = 0; k < width; k++) centres[c * width + k] = sums[c * width + k]! / sizes[c]
  }
  const sizes: [number, number] = [0, 0]
  let inertia = 0
  for (let i = 0; i < n; i++) {
    sizes[cluster[i] as 0 | 1]++
    inertia += squaredDistance(points, i, centres, cluster[i]!, width)
  }
  return { cluster, centres, inertia, sizes }
}

/** k-means with k = 2, the best of ten seeded starts (k-means++: Arthur and Vassilvitskii 2007); points [n, width], n >= 2. */
export const twoMeans = (points: Float64Array, width: number, random: Random): TwoMeans => {
  let best = once(points, width, random)
  for (let start = 1; start < 10; start++) {
    const next = once(points, width, random)
    if (next.inertia < best.inertia) best = next
  }
  return best
}

/** Mean silhouette of two clusters (Rousseeuw 1987), exact: of order n². 0 where a cluster is empty. */
export const silhouette = (points: Float64Array, width: number, { cluster, sizes }: TwoMeans): number => {
  const n = cluster.length
  if (sizes[0] === 0 || sizes[1] === 0) return 0
  const sums = new Float64Array(2 * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const distance = Math.sqrt(squaredDistance(points, i, points, j, width))
      sums[2 * i + cluster[j]!]! += distance
      sums[2 * j + cluster[i]!]! += distance
    }
  let total = 0
  for (let i = 0; i < n; i++) {
    const own = cluster[i] as 0 | 1
    if (sizes[own] === 1) continue
    const inside = sums[2 * i + own]! / (sizes[own] - 1)
    const outside = sums[2 * i + 1 - own]! / sizes[1 - own]!
    if (Math.max(inside, outside) > 0) total += (outside - inside) / Math.max(inside, outside)
  }
  return total / n
}
