import type { ClassProbe, Finding } from '../../../contract/index.ts'
import { judgeGates } from '../../gates.ts'
import type { Claim, ClassContext, ClassOutcome } from '../class-assessment.ts'
import type { AttackCurve, Measured } from './curves.ts'
import { findingOf } from './findings.ts'
import { flagsOf } from './flags.ts'
import { claimsOf, type ProbeResult } from './judging.ts'
import type { PointRequest } from './point.ts'
import type { PoisoningRows } from './rows.ts'

export interface Told {
  readonly probe: ClassProbe & { readonly class: 'poisoning' }
  readonly result?: ProbeResult
  readonly finding?: Finding | undefined
  readonly claims: readonly Claim[]
  readonly seconds: number
}

/** A curve as report, evidence and findings have it. */
export const tell = (
  { planned, points, reason }: AttackCurve,
  { rows, plan, subject }: PointRequest,
  {
    context,
    recipe,
    original,
  }: {
    readonly context: ClassContext
    readonly recipe: Readonly<Record<string, unknown>>
    readonly original: number
  },
): Told => {
  const { attack, parameters } = planned
  const id = `poisoning-${attack.id}`
  const shared = { id, class: 'poisoning' as const, attack: attack.id, params: parameters }
  const seconds = points.reduce((sum, point) => sum + point.seconds, 0)
  if (reason !== undefined || points.length === 0)
    return {
      probe: { ...shared, status: 'not run', reason: reason ?? 'nothing was measured', flags: [] },
      claims: [],
      seconds,
    }
  const n = rows.training.labels.length
  const result = {
    rows: rows.judged.labels.length,
    trainingRows: n,
    ...(attack.aim !== 'availability' && { target: plan.target }),
    budget: points.at(-1)!.measured.point.fraction,
    points: points.map(({ measured }) => measured.point),
    notes: notesOf(points, rows, recipe),
  }
  const flags = flagsOf(result.points, {
    failed: points.flatMap(({ measured: { failed, point } }) =>
      failed.map((detail) => ({ fraction: point.fraction, detail })),
    ),
    empty: plan.fractions.filter((fraction) => Math.floor(fraction * n + 1e-9) === 0),
    rows,
    classes: subject.file!.classes,
    original,
  })
  const probe = { ...shared, status: 'measured' as const, reproduce: context.reproduce, result, flags }
  const named = { probe: id, attack: attack.id, result }
  return {
    probe,
    result: named,
    finding: findingOf(attack, id, result, context.reproduce),
    claims: claimsOf(probe, named, { recipe, rows: rows.sha256, notes: result.notes }),
    seconds,
  }
}

const notesOf = (
  points: readonly Measured[],
  { given, training: { labels } }: PoisoningRows,
  recipe: Readonly<Record<string, unknown>>,
): readonly string[] => [
  recipe.from === 'scratch'
    ? 'Every copy has the graph of the model and weights that were drawn anew.'
    : 'Every copy began from the weights of the model, which had seen its training rows already.',
  ...(labels.length < given ? [`Copies learned from ${labels.length} of ${given} rows, drawn by the seed.`] : []),
  // What an attack says of poisoning no row is of no use.
  ...new Set(points.flatMap(({ measured: { point, notes } }) => (point.fraction === 0 ? [] : notes))),
]

/** The status that gates on this probe give it. */
export const judged = (
  probe: Told['probe'],
  { config, data }: ClassContext,
  measure: ClassOutcome['measure'],
): ClassProbe => {
  if (!probe.result) return probe
  const gates = judgeGates(
    config.gates.filter(({ metric }) => metric === 'poisoned-accuracy' || metric === 'poisoning-success'),
    {
      clean: probe.result.points[0]!.accuracy,
      records: [],
      classes: [measure ? { measure } : {}],
      rows: data.rows,
      findings: 0,
      flags: 0,
    },
  ).filter((gate) => gate.probe === probe.id)
  if (gates.length === 0) return probe
  return { ...probe, status: gates.every(({ passed }) => passed) ? 'passed' : 'failed' }
}
