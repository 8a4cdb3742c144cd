import type { CertifiedTrees, Config, Figure, Gate, GateConfig, Task } from '../contract/index.ts'
import { figure, median } from '../stats/index.ts'
import { shortNumber } from './battery.ts'
import type { ClassMeasured, ClassOutcome } from './classes/class-assessment.ts'
import { worstCorruption } from './corruptions/worst.ts'
import type { ProbeRecord } from './probe-record.ts'
import { answersForAll, brokenWithin, ofStandingRows } from './standing.ts'

export interface GateEvidence {
  readonly clean: Figure
  /** Mean absolute error, of a regression. */
  readonly error?: Figure
  /** Default: classes. */
  readonly task?: Task
  readonly records: readonly ProbeRecord[]
  /** What holds by proof, for an ensemble of trees. */
  readonly certified?: readonly CertifiedTrees[]
  /** What probes of other classes than evasion measured. */
  readonly classes?: readonly Pick<ClassOutcome, 'measure'>[]
  /** Rows of the data set: a probe on a sample can't stand for all of them. */
  readonly rows: number
  readonly findings: number
  readonly flags: number
}

/** Every gate of the configuration, judged on what was measured. What could not be measured has not passed. */
export const judgeGates = (gates: Config['gates'], evidence: GateEvidence): readonly Gate[] =>
  gates.map((gate) => {
    const { measured, probe, reason } = measure(gate, evidence)
    const corruption = worstCorruption(gate, evidence.records)
    const required = { atLeast: gate.atLeast, atMost: gate.atMost, judgeBy: gate.judgeBy }
    return {
      id: gate.id,
      metric: named(gate.metric, evidence.task),
      ...(gate.norm && { norm: gate.norm }),
      ...(gate.epsilon !== undefined && { epsilon: gate.epsilon }),
      ...(gate.fraction !== undefined && { fraction: gate.fraction }),
      ...(gate.screen !== undefined && { screen: gate.screen }),
      passed: measured !== null && holds(measured, required),
      measured,
      required,
      ...(probe && { probe }),
      ...(reason && { reason }),
      ...(corruption && { corruption }),
    }
  })

const holds = (measured: Figure | number, { atLeast, atMost, judgeBy }: Gate['required']): boolean => {
  const [worst, best] =
    typeof measured === 'number'
      ? [measured, measured]
      : judgeBy === 'interval'
        ? [measured.low, measured.high]
        : [measured.value, measured.value]
  return (atLeast === undefined || worst >= atLeast) && (atMost === undefined || best <= atMost)
}

type Measured = ClassMeasured

/** A model that predicts no class has no accuracy, but a share of rows. */
const named = (metric: Gate['metric'], task: Task | undefined): Gate['metric'] => {
  if (!task || task.kind === 'classification') return metric
  return metric === 'robust-accuracy' ? 'robust-share' : metric === 'clean-accuracy' ? 'clean-share' : metric
}

const measure = (
  gate: GateConfig,
  { clean, error, records, certified = [], classes = [], rows, findings, flags }: GateEvidence,
): Measured => {
  switch (gate.metric) {
    case 'clean-accuracy':
    case 'clean-share':
      return { measured: clean }
    case 'findings':
      return { measured: findings }
    case 'flags':
      return { measured: flags }
    case 'mean-absolute-error':
      return error
        ? { measured: error }
        : { measured: null, reason: 'only a model that predicts numbers has an error, over two rows or more' }
    case 'certified-accuracy':
      return certifiedAt(gate, certified, rows)
    case 'robust-accuracy':
    case 'robust-share':
      return worstCase(gate, records, rows)
    case 'median-distance':
      return smallestMedian(gate, records)
    case 'poisoned-accuracy':
    case 'poisoning-success':
    case 'backdoors':
      return ofClasses(gate, classes)
  }
}

const ofClasses = (gate: GateConfig, classes: NonNullable<GateEvidence['classes']>): Measured =>
  classes.map((outcome) => outcome.measure?.(gate)).find((found) => found !== undefined) ?? {
    measured: null,
    reason: `no probe that ran measures ${gate.metric}`,
  }

const certifiedAt = (gate: GateConfig, certified: readonly CertifiedTrees[], rows: number): Measured => {
  const proof = certified.find(({ norm }) => norm === gate.norm)
  const point = proof?.points.find(({ epsilon }) => epsilon === gate.epsilon)
  if (!proof || !point)
    return { measured: null, reason: `nothing was certified in ${gate.norm} at ${shortNumber(gate.epsilon ?? 0)}` }
  if (proof.rows !== rows) return { measured: null, reason: `only ${proof.rows} of ${rows} rows were certified` }
  return { measured: point.accuracy }
}

type Scope = Pick<GateConfig, 'norm' | 'epsilon' | 'attack'>

const about = (gate: Scope, records: readonly ProbeRecord[]): readonly ProbeRecord[] =>
  records.filter(
    ({ norm, attack }) =>
      (gate.norm === undefined || norm === gate.norm) && (gate.attack === undefined || attack === gate.attack),
  )

/**
 * Robust accuracy in the worst case over attacks: a row counts as robust if it was classified right and no attack
 * within the budget, nor within a smaller one, broke it.
 */
export const worstCase = (gate: Scope, records: readonly ProbeRecord[], rows: number): Measured => {
  const usable = about(gate, records)
  const budget = gate.epsilon ?? Number.POSITIVE_INFINITY
  const exact = ({ epsilon }: ProbeRecord): boolean => epsilon === gate.epsilon
  const full = usable.filter(
    (record) =>
      record.outcome.broken.length === rows &&
      !ofStandingRows(record) &&
      (exact(record) || (record.epsilon > budget && answersForAll(record.attack))),
  )
  const [strongest] = [...full].sort(
    (a, b) =>
      Number(exact(b)) - Number(exact(a)) ||
      a.result.robustAccuracy.value - b.result.robustAccuracy.value ||
      a.id.localeCompare(b.id),
  )
  if (!strongest)
    return {
      measured: null,
      reason: `no probe measured ${gate.norm} ${shortNumber(gate.epsilon ?? 0)} on all rows${gate.attack ? ` with ${gate.attack}` : ''}`,
    }
  const robust = strongest.outcome.right.filter(
    (right, row) => right && !usable.some((record) => brokenWithin(record, row, budget)),
  ).length
  const { outside = [], apart = [] } = strongest.outcome
  const counted = rows - outside.length - apart.length
  return { measured: figure(robust, counted), probe: strongest.id }
}

/** Of the budget and of smaller ones, but for a severity, which holds no other. */
const upTo = (gate: Scope, records: readonly ProbeRecord[]): readonly ProbeRecord[] =>
  about(gate, records).filter(
    ({ norm, epsilon }) =>
      gate.epsilon === undefined || (norm === 'severity' ? epsilon === gate.epsilon : epsilon <= gate.epsilon),
  )

const smallestMedian = (gate: GateConfig, records: readonly ProbeRecord[]): Measured => {
  const medians = upTo(gate, records).flatMap(({ id, outcome }) => {
    const distances = outcome.distances.filter((_, row) => outcome.broken[row])
    return distances.length > 0 ? [{ measured: median(distances), probe: id }] : []
  })
  return medians.sort((a, b) => a.measured - b.measured)[0] ?? { measured: null, reason: 'no probe broke a row' }
}
