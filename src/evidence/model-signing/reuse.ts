import type { Decision, HashedBecause } from './earlier.ts'

export interface Amount {
  readonly files: number
  readonly bytes: number
}

/** What became of the digests of an earlier signature. */
export interface Reuse {
  /** Their files are shown to be unchanged. */
  readonly takenOver: Amount
  /** The caller says that their files are unchanged; nobody looked. */
  readonly onWord: Amount
  readonly hashed: Amount
  /** Number of files that were hashed for each reason. */
  readonly because: Readonly<Record<HashedBecause, number>>
  /** Files that were signed and are no longer there. */
  readonly removed: number
  /** Why nothing could be taken over. */
  readonly problem: string | undefined
}

export interface Decided {
  readonly bytes: number
  readonly decision: Decision
}

export const reuseOf = (decided: readonly Decided[], rest: Pick<Reuse, 'removed' | 'problem'>): Reuse => {
  const amount = (by: Decision['by']): Amount => {
    const those = decided.filter(({ decision }) => decision.by === by)
    return { files: those.length, bytes: those.reduce((sum, { bytes }) => sum + bytes, 0) }
  }
  const because = { added: 0, changed: 0, touched: 0, unproven: 0, asked: 0 }
  for (const { decision } of decided) if (decision.by === 'hash') because[decision.because]++
  return { takenOver: amount('state'), onWord: amount('word'), hashed: amount('hash'), because, ...rest }
}
