import type { EvasionProbe, Figure, Gate, Report } from '../../../contract/index.ts'
import { count, interval, percent, requirement } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { evasionProbes } from '../probes-of.ts'
import { wordsFor } from '../task-words.ts'
import { intervalBar } from './interval-bar.ts'
import { budgetOf } from './parts.ts'

interface Key {
  readonly label: string
  readonly detail: string
  readonly measured: Figure
  readonly gate: Gate | undefined
}

/** The lowest robust accuracy at each budget of each norm, with the gate on it where there is one. */
const lowestByBudget = (report: Report): readonly Key[] => {
  const { gates, input } = report
  const lowest = new Map<
    string,
    { readonly probe: EvasionProbe; readonly measured: Figure; readonly attacks: number }
  >()
  for (const probe of evasionProbes(report)) {
    const measured = probe.result?.robustAccuracy
    if (measured === undefined || probe.norm === undefined || probe.epsilon === undefined) continue
    if (probe.norm === 'severity') continue
    const key = `${probe.norm} ${probe.epsilon}`
    const known = lowest.get(key)
    const attacks = (known?.attacks ?? 0) + 1
    lowest.set(
      key,
      known !== undefined && known.measured.value <= measured.value
        ? { ...known, attacks }
        : { probe, measured, attacks },
    )
  }
  return [...lowest.values()].map(({ probe, measured, attacks }) => {
    const { norm, epsilon } = probe
    const own = gates.filter((gate) => gate.norm === norm && gate.epsilon === epsilon && isRobust(gate))
    return {
      label: wordsFor(report).robust,
      detail: `${budgetOf(probe, input)}${attacks === 1 ? '' : `, lowest of ${attacks} attacks`}`,
      measured,
      gate: own.find(({ passed }) => !passed) ?? own[0],
    }
  })
}

/** Corruptions have one figure for all of them, and what each gate on a severity judged. */
const corruptedAccuracies = ({ corruptions, gates, input }: Report): readonly Key[] => {
  if (!corruptions) return []
  const label = 'Accuracy under corruptions'
  const all = {
    label,
    detail: `mean over ${corruptions.table.length}, lowest ${corruptions.worst}`,
    measured: corruptions.mean,
    gate: undefined,
  }
  const judged = gates.flatMap((gate) =>
    gate.norm === 'severity' && isRobust(gate) && gate.measured !== null && typeof gate.measured !== 'number'
      ? [{ label, detail: `${budgetOf(gate, input)}, gate ${gate.id}`, measured: gate.measured, gate }]
      : [],
  )
  return [all, ...judged]
}

const isRobust = ({ metric }: Gate): boolean => metric === 'robust-accuracy' || metric === 'robust-share'

const rank = ({ gate }: Key): number => (gate === undefined ? 2 : gate.passed ? 1 : 0)

/** What a reader wants first: the clean accuracy and up to three robust accuracies, those that gates judge before others. */
const keysOf = (report: Report): readonly Key[] => {
  const gate = report.gates.find(({ metric }) => metric === 'clean-accuracy' || metric === 'clean-share')
  const robust = [...corruptedAccuracies(report), ...lowestByBudget(report)]
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, 3)
  return [
    { label: wordsFor(report).clean, detail: 'before any attack', measured: report.clean.accuracy, gate },
    ...robust,
  ]
}

const tile = ({ label, detail, measured, gate }: Key): Markup =>
  markup`<div class="tile${gate?.passed === false ? ' bad' : ''}"><dt><strong>${label}</strong><br>${detail}</dt><dd><span class="big num">${percent(measured.value)}</span>${intervalBar(measured, 'gauge', gate?.required.atLeast)}<span class="small muted">${interval(measured)}, ${count(measured.n)} rows</span>${
    gate === undefined
      ? ''
      : markup`<br><span class="small need">${requirement(gate.metric, gate.required)} required</span>`
  }</dd></div>`

const maskingNote = (report: Report, flags: number): string => {
  if (!evasionProbes(report).some(({ result }) => result)) return 'no attack ran'
  return flags === 0 ? 'the attacks show none' : 'robustness may be overstated: see the probes'
}

export const keyFigures = (report: Report): Markup => {
  const flags = report.probes.reduce((sum, probe) => sum + probe.flags.length, 0)
  const keys = keysOf(report)
  const masking = markup`<div class="tile${flags === 0 ? '' : ' bad'}"><dt><strong>Masking flags</strong><br>signs that an attack may be failing</dt><dd><span class="big num">${flags}</span><br><span class="small muted">${maskingNote(
    report,
    flags,
  )}</span></dd></div>`
  return markup`<dl class="tiles">${keys.map(tile)}${keys.length < 4 ? masking : ''}</dl>
<p class="small muted">Ranges are 95 % intervals.${keys.some(({ gate }) => gate) ? ' The red line in a bar marks what was required.' : ''}</p>`
}
