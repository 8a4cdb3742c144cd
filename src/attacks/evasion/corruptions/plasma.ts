import type { Random } from '../../../base/random.ts'

/**
 * A cloud of `side` × `side` values from 0 to 1, where `side` is a power of two, at least 2: the diamond-square algorithm
 * (Fournier, Fussell and Carpenter 1982) on a torus. At each halving of the grid, what is drawn at random gets `decay`²
 * times smaller.
 */
export const plasma = (side: number, decay: number, random: Random): Float64Array => {
  const cloud = new Float64Array(side * side)
  const at = (y: number, x: number): number => cloud[((y + side) % side) * side + ((x + side) % side)]!
  let roughness = 1
  const set = (y: number, x: number, sum: number): void => {
    cloud[y * side + x] = sum / 4 + roughness * (2 * random.uniform() - 1)
  }
  for (let step = side; step >= 2; step /= 2) {
    const half = step / 2
    for (let y = half; y < side; y += step)
      for (let x = half; x < side; x += step)
        set(y, x, at(y - half, x - half) + at(y - half, x + half) + at(y + half, x - half) + at(y + half, x + half))
    for (let y = 0; y < side; y += half)
      for (let x = y % step === 0 ? half : 0; x < side; x += step)
        set(y, x, at(y - half, x) + at(y + half, x) + at(y, x - half) + at(y, x + half))
    roughness /= decay ** 2
  }
  const low = cloud.reduce((a, b) => Math.min(a, b))
  const spread = cloud.reduce((a, b) => Math.max(a, b)) - low
  return cloud.map((value) => (spread === 0 ? 0 : (value - low) / spread))
}

/** The corner of a cloud large enough for an image of this size. */
export const plasmaFor = (height: number, width: number, decay: number, random: Random): Float64Array => {
  const side = 2 ** Math.max(1, Math.ceil(Math.log2(Math.max(height, width))))
  const cloud = plasma(side, decay, random)
  return Float64Array.from({ length: height * width }, (_, i) => cloud[Math.floor(i / width) * side + (i % width)]!)
}
