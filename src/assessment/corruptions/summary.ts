import type { Corruptions, Figure } from '../../contract/index.ts'
import { figure, meanFigure } from '../../stats/index.ts'
import type { ProbeRecord } from '../probe-record.ts'

/** Corruptions are measured by severity, and no other attack is. */
export const isCorruption = ({ norm }: Pick<ProbeRecord, 'norm'>): boolean => norm === 'severity'

/** The probes of corruptions as one table; undefined where there are none. */
export const summariseCorruptions = (records: readonly ProbeRecord[]): Corruptions | undefined => {
  const all = records.filter(isCorruption)
  if (all.length === 0) return undefined
  const severities = [...new Set(all.map(({ epsilon }) => epsilon))].sort((a, b) => a - b)
  const table = [...new Set(all.map(({ attack }) => attack))].map((attack) => {
    const own = all.filter((record) => record.attack === attack).sort((a, b) => a.epsilon - b.epsilon)
    return {
      attack,
      accuracies: own.map(({ epsilon, result, id }) => ({
        severity: epsilon,
        accuracy: result.robustAccuracy,
        probe: id,
      })),
      mean: meanAccuracy(own),
    }
  })
  const lowest = table.reduce((a, b) => (b.mean.value < a.mean.value ? b : a))
  return {
    severities,
    rows: commonRows(all),
    table,
    bySeverity: severities.map((severity) => ({
      severity,
      accuracy: meanAccuracy(all.filter(({ epsilon }) => epsilon === severity)),
    })),
    mean: meanAccuracy(all),
    worst: lowest.attack,
  }
}

/** Rows that every probe measured: a list of attacks may give some of them fewer. */
const commonRows = (records: readonly ProbeRecord[]): number =>
  records.reduce((least, { outcome }) => Math.min(least, outcome.right.length), Number.POSITIVE_INFINITY)

/**
 * The mean over probes, with an interval over rows: each row counts once, by the share of the probes under which it stays
 * right, since the same row under two corruptions is no independent sample.
 */
const meanAccuracy = (records: readonly ProbeRecord[]): Figure => {
  const rows = commonRows(records)
  const kept = ({ outcome }: ProbeRecord, row: number): boolean =>
    (outcome.right[row] ?? false) && outcome.broken[row] === false
  const counts = Array.from({ length: rows }, (_, row) => records.filter((record) => kept(record, row)).length)
  const whole = counts.every((count) => count === 0 || count === records.length)
  if (whole) return figure(counts.filter((count) => count > 0).length, rows)
  if (rows < 2) return { value: counts[0]! / records.length, low: 0, high: 1, n: rows }
  const { value, low, high, n } = meanFigure(counts.map((count) => count / records.length))
  return { value, low: Math.max(low, 0), high: Math.min(high, 1), n }
}
