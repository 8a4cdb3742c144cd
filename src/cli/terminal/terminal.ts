/** The part of a stream that is written to; the process's own, or a test's. */
export interface Sink {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

export interface Terminal {
  readonly stdout: Sink
  readonly stderr: Sink
}

const narrowest = 60
const widest = 120

/** Columns to lay text out in: the terminal's, 100 where it goes to a file. */
export const widthOf = ({ columns = 100 }: Sink): number => Math.min(widest, Math.max(narrowest, columns))
