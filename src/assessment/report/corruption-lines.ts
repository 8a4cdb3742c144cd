import type { Corruptions, EvasionProbe, Figure, Report } from '../../contract/index.ts'
import { count, figure, interval, number, percent } from './format.ts'
import { classProbes, evasionProbes } from './probes-of.ts'

const isCorruption = ({ norm }: EvasionProbe): boolean => norm === 'severity'

/** Probes that stand one by one in lists and tables; those of corruptions have a table of their own. */
export const attackProbes = (report: Pick<Report, 'probes'>): readonly EvasionProbe[] =>
  evasionProbes(report).filter((probe) => !isCorruption(probe))

export const corruptionProbes = (report: Pick<Report, 'probes'>): readonly EvasionProbe[] =>
  evasionProbes(report).filter(isCorruption)

/** What the digest of a probe's signed measurement is called. */
export const signedName = (probe: string): string => `${probe}, signed`

/** The probes that were not run and why, a line a reason for corruptions: "saturate: it works on colour images …". */
export const notRunLines = (report: Pick<Report, 'probes'>): readonly string[] => [
  ...[...attackProbes(report), ...classProbes(report)]
    .filter(({ status }) => status === 'not run')
    .map(({ id, reason = '' }) => `${id}: ${reason}`),
  ...corruptionsNotRun(report),
]

export const corruptionsNotRun = (report: Pick<Report, 'probes'>): readonly string[] => {
  const byReason = new Map<string, Set<string>>()
  for (const { status, reason = '', attack } of corruptionProbes(report))
    if (status === 'not run') byReason.set(reason, (byReason.get(reason) ?? new Set()).add(attack))
  return [...byReason].map(([reason, attacks]) => {
    const names = [...attacks]
    return `${names.length > named ? `${names.length} corruptions` : names.join(', ')}: ${reason}`
  })
}

/** More of them are counted rather than named. */
const named = 3

/** A share in percent for a column that is headed with the unit. */
export const cell = ({ value }: Figure): string => percent(value).replace(' %', '')

/** Column titles, a row a corruption and a last one of means: all in percent, and empty where nothing was measured. */
export const corruptionCells = ({ severities, table, bySeverity, mean }: Corruptions) => {
  const at = (
    entries: readonly { readonly severity: number; readonly accuracy: Figure }[],
    severity: number,
  ): string => {
    const entry = entries.find((one) => one.severity === severity)
    return entry ? cell(entry.accuracy) : ''
  }
  const line = (name: string, entries: Parameters<typeof at>[0], whole: Figure): readonly string[] => [
    name,
    ...severities.map((severity) => at(entries, severity)),
    cell(whole),
  ]
  return {
    head: ['corruption', ...severities.map(String), 'mean'],
    rows: [
      ...table.map(({ attack, accuracies, mean: own }) => line(attack, accuracies, own)),
      line('mean', bySeverity, mean),
    ],
  }
}

/** How far the intervals of single figures reach, at most, in percentage points: "6.1". */
const widest = ({ table }: Corruptions): string => {
  const reaches = table.flatMap(({ accuracies }) =>
    accuracies.map(({ accuracy: { value, low, high } }) => Math.max(value - low, high - value)),
  )
  return number(Number((100 * reaches.reduce((a, b) => Math.max(a, b), 0)).toFixed(1)))
}

/** What the figures are, and how exact. */
export const corruptionLead = (corruptions: Corruptions): string =>
  `Share of ${count(corruptions.rows)} rows predicted as labelled both clean and corrupted, in %, by severity. 95 % intervals of single figures reach at most ${widest(corruptions)} points.`

/** "Mean over all 68.0 % (64.6–71.4 %, n 256); worst: fog, 43.2 % (38.0–48.4 %)." */
export const corruptionResult = ({ mean, worst, table }: Corruptions): string => {
  const lowest = table.find(({ attack }) => attack === worst)!.mean
  return `Mean over all ${figure(mean)}; worst: ${worst}, ${percent(lowest.value)} (${interval(lowest)}).`
}
