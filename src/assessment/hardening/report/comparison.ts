import type { Figure, Hardening, ModelMeasurement } from '../../../contract/index.ts'
import { count, normNames, number } from '../../report/format.ts'

/** One line of the table of before and after. */
export type Compared = { readonly measure: string } & (
  | {
      /** Shares from 0 to 1, with their intervals. */
      readonly kind: 'share'
      readonly before: Figure | undefined
      readonly after: Figure | undefined
    }
  | { readonly kind: 'figure'; readonly before: Figure; readonly after: Figure }
  | { readonly kind: 'count'; readonly before: number; readonly after: number }
)

/** What was measured of both models, in the order that a reader asks. Durations are not among it. */
export const comparisonOf = ({ before, after, threat }: Hardening): readonly Compared[] => {
  const at = (epsilon: number): string => `${normNames[threat.norm]} ${number(epsilon)}`
  const share = (measure: string, of: (model: ModelMeasurement) => Figure | undefined): readonly Compared[] => {
    const [was, is] = [of(before), of(after)]
    return was || is ? [{ measure, kind: 'share', before: was, after: is }] : []
  }
  return [
    ...share('clean accuracy', ({ clean }) => clean),
    ...share('rebuilt trigger works', ({ backdoor }) => backdoor?.success),
    ...threat.epsilons.flatMap((epsilon) =>
      share(
        `robust, ${at(epsilon)}`,
        ({ robustness }) => robustness?.worst.find((w) => w.epsilon === epsilon)?.accuracy,
      ),
    ),
    ...(after.certified?.points ?? []).flatMap(({ radius }) =>
      share(
        `certified, L2 ${number(radius)}`,
        ({ certified }) => certified?.points.find((point) => point.radius === radius)?.accuracy,
      ),
    ),
    ...[1, 2, 5, 10, 20, 50, 100].flatMap((changes) =>
      share(`certified, ${changes} ${changes === 1 ? after.vote?.unit.slice(0, -1) : after.vote?.unit}`, ({ vote }) =>
        vote && vote.unit === after.vote?.unit
          ? vote.points.find((point) => point.changes === changes)?.accuracy
          : undefined,
      ),
    ),
    ...share('abstains', ({ certified }) => certified?.abstained),
    ...threat.epsilons.flatMap((epsilon) =>
      share(
        `right/flagged, ${at(epsilon)}`,
        ({ detection }) => detection?.points.find((point) => point.epsilon === epsilon)?.adaptive,
      ),
    ),
    ...share('clean, right, not flagged', ({ detection }) => detection?.acceptedAccuracy),
    ...share('clean, flagged', ({ detection }) => detection?.falsePositiveRate),
    ...share('calibration error', ({ calibration }) => calibration.expectedError),
    { measure: 'log loss', kind: 'figure', before: before.calibration.logLoss, after: after.calibration.logLoss },
    { measure: 'size, bytes', kind: 'count', before: before.size.bytes, after: after.size.bytes },
    { measure: 'parameters', kind: 'count', before: before.size.parameters, after: after.size.parameters },
  ]
}

/** How far a line moved: "+85.2" points, "-0.31", "x 0.27"; empty where there is nothing to compare. */
export const changeOf = (line: Compared): string => {
  if (line.kind === 'count') return line.before === line.after ? '0' : `x ${number(line.after / line.before)}`
  if (!line.before || !line.after) return ''
  const change = line.after.value - line.before.value
  return signed(Number(line.kind === 'share' ? (100 * change).toFixed(1) : change.toFixed(3)))
}

const signed = (value: number): string => `${value > 0 ? '+' : ''}${number(value)}`

/** A figure that is no share: "0.412 (0.381–0.446)". */
export const plainFigure = ({ value, low, high }: Figure): string => {
  const [middle, least, most] = [value, low, high].map((part) => part.toFixed(3))
  return `${middle} (${least}–${most})`
}

export const plainCount = (value: number): string => count(value)
