import type { ClassProbe, Figure, GateConfig, PoisoningResult } from '../../../contract/index.ts'
import { percent } from '../../report/format.ts'
import type { Claim, ClassMeasured } from '../class-assessment.ts'

/** A result by the probe that it is of. */
export interface ProbeResult {
  readonly probe: string
  readonly attack: string
  readonly result: PoisoningResult
}

/** What a gate on poisoning is judged by: the worst case over attacks. Undefined for metrics of others. */
export const measurePoisoning = (gate: GateConfig, results: readonly ProbeResult[]): ClassMeasured | undefined => {
  if (gate.metric !== 'poisoned-accuracy' && gate.metric !== 'poisoning-success') return undefined
  const pick = gate.metric === 'poisoned-accuracy' ? 'accuracy' : 'success'
  const measured = results
    .filter(({ attack }) => gate.attack === undefined || attack === gate.attack)
    .flatMap(({ probe, result }) => {
      const found = figureAt(gate, result)?.[pick]
      return found ? [{ probe, measured: found }] : []
    })
  const worst = [...measured].sort(
    (a, b) => (pick === 'accuracy' ? 1 : -1) * (a.measured.value - b.measured.value) || a.probe.localeCompare(b.probe),
  )[0]
  if (worst) return worst
  const at = gate.fraction === undefined ? '' : ` at ${percent(gate.fraction)} poisoned`
  const by = gate.attack === undefined ? '' : ` by ${gate.attack}`
  const after = gate.screen === undefined ? '' : ` after ${gate.screen}`
  return { measured: null, reason: `no probe measured ${gate.metric}${at}${by}${after}` }
}

const figureAt = (
  { fraction, screen }: Pick<GateConfig, 'fraction' | 'screen'>,
  { points }: PoisoningResult,
): { readonly accuracy: Figure | null; readonly success: Figure | null } | undefined => {
  const point = fraction === undefined ? points.at(-1) : points.find((each) => each.fraction === fraction)
  return screen === undefined ? point : point?.screens.find((each) => each.screen === screen)
}

/** Accuracy, and success where the attack has an aim, at the largest share, to be signed; the whole curve in the details. */
export const claimsOf = (
  { attack, params }: Pick<ClassProbe, 'attack' | 'params'>,
  { probe, result }: ProbeResult,
  about: {
    readonly recipe: Readonly<Record<string, unknown>>
    readonly rows: string
    readonly notes: readonly string[]
  },
): readonly Claim[] => {
  const worst = result.points.at(-1)!
  const shared = {
    probe,
    method: attack,
    params: { ...params, fraction: worst.fraction, target: result.target, recipe: about.recipe },
    digests: { trainingRows: { sha256: about.rows } },
    details: {
      trainingRows: result.trainingRows,
      rows: result.rows,
      points: result.points,
      ...(about.notes.length > 0 && { notes: about.notes }),
    },
  }
  return [
    { ...shared, claim: 'poisonedAccuracy', value: worst.accuracy },
    ...(worst.success === null ? [] : [{ ...shared, claim: 'poisoningSuccess', value: worst.success }]),
  ]
}
