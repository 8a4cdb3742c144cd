import type { EndpointConfig } from '../../contract/endpoint.ts'

/** What a server says of its model, as far as it does. */
export interface Metadata {
  readonly name?: string
  readonly version?: string
  readonly input?: {
    readonly name: string
    readonly datatype?: string
    readonly dims?: readonly (number | undefined)[]
  }
  readonly output?: { readonly name: string; readonly dims?: readonly (number | undefined)[] }
}

/** Rows as they are sent: row-major values in the model's own range. */
export interface Rows {
  readonly values: Float32Array
  readonly rows: number
  /** The shape of one row. */
  readonly dims: readonly number[]
}

/** How one kind of server is spoken to. */
export interface Protocol {
  /** Where rows are sent. */
  readonly url: URL
  /** Where the server tells of its model, where it does. */
  readonly about?: URL
  readMetadata(answer: unknown): Metadata
  /** The request's JSON. */
  body(rows: Rows, metadata: Metadata): unknown
  /**
   * What the answer holds for each row: a number, a label, a list of scores, or an object of scores by class name.
   * Undefined where it isn't there.
   */
  items(answer: unknown, rows: number, metadata: Metadata): readonly unknown[] | undefined
  /** Where items were looked for, for messages. */
  readonly place: string
  /** Most rows a request, where the protocol itself limits them. */
  readonly most?: number
}

export type MakeProtocol = (config: EndpointConfig, url: URL, columns: readonly string[] | undefined) => Protocol

/** A flat list in pieces of one row each; undefined where it doesn't divide. */
export const inRows = (flat: readonly unknown[], rows: number): readonly unknown[] | undefined => {
  if (flat.length === rows) return flat
  if (rows === 0 || flat.length % rows !== 0) return undefined
  const width = flat.length / rows
  return Array.from({ length: rows }, (_, row) => flat.slice(row * width, (row + 1) * width))
}

/** The same host with another path. */
export const withPath = (url: URL, pathname: string): URL => {
  const changed = new URL(url)
  changed.pathname = pathname
  return changed
}
