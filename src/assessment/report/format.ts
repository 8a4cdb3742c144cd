import {
  type Figure,
  type Gate,
  type InputInfo,
  type Measure,
  type Requirement,
  shareMetrics,
} from '../../contract/index.ts'

/** How the size of a change is measured, as it stands before a budget. */
export const normNames: Readonly<Record<Measure, string>> = {
  linf: 'Linf',
  l2: 'L2',
  l1: 'L1',
  l0: 'L0',
  severity: 'severity',
  spatial: 'rotation and shift',
  patch: 'patch of',
}

/** At most four significant digits, no trailing zeros, never an exponent where a reader would not expect one. */
export const number = (value: number): string => {
  if (!Number.isFinite(value)) return 'none'
  if (Number.isInteger(value)) return count(value)
  const rounded = Number(value.toPrecision(value !== 0 && Math.abs(value) < 1 ? 3 : 4))
  return Math.abs(rounded) >= 1e-4 ? String(rounded) : rounded.toExponential()
}

/** A whole number with thousands apart: 215,370. */
export const count = (value: number): string => {
  const digits = String(Math.abs(Math.round(value))).replace(/\B(?=(\d{3})+$)/g, ',')
  return value < 0 ? `-${digits}` : digits
}

/** A share as a percentage. What is not all never reads 100 %, and what is not nothing never 0 %. */
export const percent = (share: number): string => {
  const digits = share > 0 && share < 1 && (share >= 0.9995 || share < 0.0005) ? 2 : 1
  return `${(100 * share).toFixed(digits)} %`
}

const bare = (share: number): string => percent(share).replace(' %', '')

/** The 95 % interval of a share: "55.2–67.1 %". */
export const interval = ({ low, high }: Figure): string => `${bare(low)}–${percent(high)}`

/** The same for a column that is headed with the unit: "55.2–67.1". */
export const bareInterval = ({ low, high }: Figure): string => `${bare(low)}–${bare(high)}`

/** "61.3 % (55.2–67.1 %, n 256)". */
export const figure = (measured: Figure): string =>
  `${percent(measured.value)} (${interval(measured)}, n ${count(measured.n)})`

const isByteRange = ({ range, units, budgetRange }: InputInfo): boolean =>
  budgetRange === undefined && (/byte|255/i.test(units) || (range[0] === 0 && range[1] === 255))

/**
 * A budget both ways where the range is one of bytes (rule 1): "0.0314 (8/255)". An L0 budget counts elements; shares of
 * the largest rotation and shift, or of the image, are percentages.
 */
export const budget = (epsilon: number, norm: Measure, input: InputInfo): string => {
  if (norm === 'l0') return `${number(epsilon)} ${epsilon === 1 ? 'element' : 'elements'}`
  if (norm === 'spatial' || norm === 'patch') return percent(epsilon)
  if (norm === 'severity' || !isByteRange(input)) return number(epsilon)
  const share = epsilon / (input.range[1] - input.range[0])
  const bytes = `${number(share * 255)}/255`
  return share === epsilon
    ? `${number(epsilon)} (${bytes})`
    : `${number(epsilon)} (${bytes} of the range, ${number(share)})`
}

export const metricNames: Readonly<Record<Gate['metric'], string>> = {
  'clean-accuracy': 'Clean accuracy',
  'robust-accuracy': 'Robust accuracy',
  'certified-accuracy': 'Certified accuracy',
  'clean-share': 'Rows right before any attack',
  'robust-share': 'Robust share',
  'mean-absolute-error': 'Mean absolute error',
  'median-distance': 'Median distance',
  'poisoned-accuracy': 'Accuracy under poison',
  'poisoning-success': 'Success of poisoning',
  backdoors: 'Backdoors',
  findings: 'Findings',
  flags: 'Masking flags',
}

const isShare = (metric: Gate['metric']): boolean => shareMetrics.includes(metric)

const amount = (metric: Gate['metric'], value: number): string => (isShare(metric) ? percent(value) : number(value))

/** "Robust accuracy at Linf 0.1 (25.5/255)". */
export const gateSubject = ({ metric, norm, epsilon, fraction, screen }: Gate, input: InputInfo): string => {
  const at = norm === undefined ? '' : ` at ${normNames[norm]}`
  const poisoned = fraction === undefined ? '' : ` at ${percent(fraction)} poisoned`
  const screened = screen === undefined ? '' : ` after ${screen}`
  return `${metricNames[metric]}${at}${norm === undefined || epsilon === undefined ? '' : ` ${budget(epsilon, norm, input)}`}${poisoned}${screened}`
}

/** "61.3 % (55.2–67.1 %, n 256)", "3" or "not measured". */
export const gateMeasured = ({ metric, measured }: Gate): string => {
  if (measured === null) return 'not measured'
  if (typeof measured === 'number') return amount(metric, measured)
  if (isShare(metric)) return figure(measured)
  return `${number(measured.value)} (${number(measured.low)}–${number(measured.high)}, n ${count(measured.n)})`
}

/** "at least 70.0 %, judged by the 95 % interval". */
export const requirement = (metric: Gate['metric'], { atLeast, atMost, judgeBy }: Requirement): string =>
  [
    atLeast === undefined ? [] : [`at least ${amount(metric, atLeast)}`],
    atMost === undefined ? [] : [`at most ${amount(metric, atMost)}`],
    judgeBy === 'interval' ? ['judged by the 95 % interval'] : [],
  ]
    .flat()
    .join(', ')

/** "worst corruption: fog at severity 3, 41.0 %"; undefined where a gate is of something else. */
export const gateCorruption = ({ corruption, measured }: Gate): string | undefined => {
  if (!corruption) return undefined
  const { attack, severity, accuracy } = corruption
  // A row counts as right in the gate only where no corruption turns it: each one alone does better.
  const over = typeof measured === 'object' && measured !== null && measured.value !== accuracy.value
  return `worst corruption: ${attack} at severity ${number(severity)}, ${percent(accuracy.value)}${over ? ' alone' : ''}`
}

/** A gate in one sentence, without a full stop. */
export const gateSentence = (gate: Gate, input: InputInfo): string => {
  const reason = gate.reason === undefined ? '' : ` (${gate.reason})`
  const corruption = gateCorruption(gate)
  return `${gateSubject(gate, input)} is ${gateMeasured(gate)}; required: ${requirement(gate.metric, gate.required)}${reason}${corruption === undefined ? '' : `; ${corruption}`}`
}
