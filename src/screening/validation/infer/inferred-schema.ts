export interface InferredSchema {
  /** YAML that the sample itself passes. */
  readonly text: string
  readonly rows: number
  /** Or classes of images, or arrays. */
  readonly columns: number
  /** Of the sample. */
  readonly sha256: string
}
