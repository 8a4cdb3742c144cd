/** What a sequential test says so far. */
export type SequentialVerdict = 'passed' | 'failed' | 'go-on'

export interface SprtOptions {
  /** Share of wrong labels that is good enough. */
  readonly acceptable: number
  /** Share that is too many, above `acceptable`. */
  readonly unacceptable: number
  /** Largest chance that labels with the acceptable share fail. */
  readonly falseAlarm: number
  /** Largest chance that labels with the unacceptable share pass. */
  readonly miss: number
}

/** The test's two lines: passes with at most `passAt(n)` wrong labels among n, fails from `failAt(n)` on. */
export interface Sprt {
  passAt(audited: number): number
  failAt(audited: number): number
  verdict(audited: number, errors: number): SequentialVerdict
}

/**
 * Wald's sequential probability ratio test of a share (1945, "Sequential tests of statistical hypotheses"): labels are
 * audited one by one in random order, and the test may stop after each. Of tests with these two error rates it needs the
 * fewest labels on average at both shares.
 */
export const sprt = ({ acceptable, unacceptable, falseAlarm, miss }: SprtOptions): Sprt => {
  const perError = Math.log(unacceptable / acceptable)
  const perRight = Math.log((1 - unacceptable) / (1 - acceptable))
  const [pass, fail] = [Math.log(miss / (1 - falseAlarm)), Math.log((1 - miss) / falseAlarm)]
  const line = (at: number) => (audited: number) => (at - audited * perRight) / (perError - perRight)
  const [passAt, failAt] = [line(pass), line(fail)]
  return {
    passAt: (n) => Math.floor(passAt(n) + 1e-9),
    failAt: (n) => Math.ceil(failAt(n) - 1e-9),
    verdict: (n, errors) => {
      if (errors <= passAt(n) + 1e-9) return 'passed'
      return errors >= failAt(n) - 1e-9 ? 'failed' : 'go-on'
    },
  }
}
