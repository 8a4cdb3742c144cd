export interface ImageCheckOptions {
  /** Declared height and width; without them every image must be as the most are. */
  readonly size?: readonly [number, number]
  /** Declared channels, an alpha channel not counted: 1 or 3. */
  readonly channels?: number
  /** Pixels at most, by the header: larger images are never decoded. */
  readonly mostPixels: number
  /** Differing bits at most, of the 64 of each hash, between near-duplicates. */
  readonly bits: { readonly pHash: number; readonly dHash: number }
  /** Least correlation of the pixels of near-duplicates, at 32 x 32: it tells alike from merely similar. */
  readonly correlation: number
  /** Largest share of images that repeat or nearly repeat another. */
  readonly duplicates: number
  /** A grey value deviating less than this (of 0 … 255) on average is blank. */
  readonly blank: number
  /** Files at most. */
  readonly mostFiles: number
}

export const defaultImageChecks: ImageCheckOptions = {
  mostPixels: 2 ** 26,
  bits: { pHash: 6, dHash: 10 },
  correlation: 0.99,
  duplicates: 0.01,
  blank: 1,
  mostFiles: 1_000_000,
}
