import type { Figure } from '../../../contract/index.ts'
import { figure, type Interval } from '../../../stats/index.ts'

export interface ClassHealth {
  readonly class: number
  /** Rows that carry the label. */
  readonly rows: number
  /** How many of them are held to be of another class. */
  readonly wrong: number
  /** Rows of other labels that are held to be of this class. */
  readonly missed: number
  /** Share of the rows whose label is wrong; undefined for a class without rows. */
  readonly noise: Figure | undefined
}

/** Two classes whose labels are taken for one another. */
export interface ClassOverlap {
  readonly a: number
  readonly b: number
  /** Issues between the two. */
  readonly rows: number
  /** Labelled a, held to be b. */
  readonly aToB: number
  readonly bToA: number
  /** Of all rows. */
  readonly share: number
}

export interface LabelHealth {
  readonly rows: number
  readonly issues: number
  readonly noiseRate: Figure
  /** 1 less the noise rate. */
  readonly score: number
  /** The noisiest first. */
  readonly classes: readonly ClassHealth[]
  /** Pairs with at least one issue, the largest first. */
  readonly overlap: readonly ClassOverlap[]
}

/** What the counts [classes, classes] by given label and held class say of the data set: all of it sums of their cells. */
export const labelHealth = (counts: Int32Array, interval: Interval): LabelHealth => {
  const classes = Math.sqrt(counts.length)
  const at = (given: number, held: number): number => counts[given * classes + held]!
  const all = Array.from({ length: classes }, (_, c) => c)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const byClass = all.map((c): ClassHealth => {
    const rows = sum(all.map((held) => at(c, held)))
    const wrong = rows - at(c, c)
    const missed = sum(all.map((given) => at(given, c))) - at(c, c)
    return { class: c, rows, wrong, missed, noise: rows === 0 ? undefined : figure(wrong, rows) }
  })
  const rows = sum(byClass.map((one) => one.rows))
  const issues = sum(byClass.map(({ wrong }) => wrong))
  return {
    rows,
    issues,
    noiseRate: figure(issues, rows, () => interval),
    score: 1 - issues / rows,
    classes: byClass.sort((x, y) => (y.noise?.value ?? -1) - (x.noise?.value ?? -1) || x.class - y.class),
    overlap: all
      .flatMap((a) => all.slice(a + 1).map((b) => ({ a, b, aToB: at(a, b), bToA: at(b, a) })))
      .filter(({ aToB, bToA }) => aToB + bToA > 0)
      .map((pair) => ({ ...pair, rows: pair.aToB + pair.bToA, share: (pair.aToB + pair.bToA) / rows }))
      .sort((x, y) => y.rows - x.rows || x.a - y.a || x.b - y.b),
  }
}
