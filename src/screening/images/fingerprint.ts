import { areaResize } from './area-resize.ts'
import { dHash, type Hash, pHash } from './perceptual-hash.ts'

/** What an image is recognised by. */
export interface Fingerprint {
  readonly pHash: Hash
  readonly dHash: Hash
  /** Grey, 32 x 32, 0 to 255. */
  readonly thumbnail: Uint8Array
}

export const thumbnailSide = 32

/** From a grey image of 32 x 32 values between 0 and 255, rounded first: below that lies noise, which would decide bits. */
export const fingerprintOf = (grey: ArrayLike<number>): Fingerprint => {
  const thumbnail = Uint8Array.from(grey, Math.round)
  const small = areaResize(thumbnail, [thumbnailSide, thumbnailSide], [8, 9])
  return { pHash: pHash(thumbnail), dHash: dHash(small), thumbnail }
}

/** Pearson's correlation of two thumbnails; 0 where one of them is flat. */
export const correlation = (a: Uint8Array, b: Uint8Array): number => {
  const mean = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanA, meanB] = [mean(a), mean(b)]
  let [both, ofA, ofB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] - meanA, b[i] - meanB]
    both += x * y
    ofA += x * x
    ofB += y * y
  }
  return ofA === 0 || ofB === 0 ? 0 : both / Math.sqrt(ofA * ofB)
}
