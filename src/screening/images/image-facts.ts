import type { Fingerprint } from './fingerprint.ts'

export type ImageProblem =
  | 'undecodable'
  | 'not-an-image'
  | 'too-large'
  | 'wrong-extension'
  | 'animated'
  | 'blank'
  | 'orientation'
  | 'location'
  | 'not-finite'

/** What one image is, as far as it could be read. */
export interface ImageFacts {
  /** File relative to the folder, or "row 3" of an array. */
  readonly name: string
  readonly height?: number
  readonly width?: number
  /** Without alpha. */
  readonly channels?: number
  readonly metadata: boolean
  readonly problems: readonly { readonly kind: ImageProblem; readonly message: string }[]
  /** SHA-256 of the file, or of the row's values. */
  readonly digest?: string
  /** Absent where the image can't be decoded, or is blank and so like every other blank one. */
  readonly print?: Fingerprint
}
