import type { Measure } from '../../contract/index.ts'

/** Lines and columns count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/**
 * Where in the repository the things that a report speaks of were declared. Code scanning refuses a file in which one
 * result has no physical location (rule 11).
 */
export interface Locator {
  /** Path relative to the repository, with `/`. */
  readonly uri: string
  readonly gate: (id: string) => Place
  readonly threat: (norm: Measure | undefined) => Place
}

const start: Place = { line: 1, column: 1 }

/** Everything at the start of one file: for a run described by flags, with no configuration to point into. */
export const fileLocator = (uri: string): Locator => ({ uri, gate: () => start, threat: () => start })
