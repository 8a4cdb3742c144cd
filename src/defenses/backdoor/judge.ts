import type { BackdoorResult, Figure, TriggerKind } from '../../contract/index.ts'
import { median } from '../../stats/index.ts'

/** The smallest trigger that was found for a class, as far as a verdict needs it. */
export interface SizedTrigger {
  readonly class: number
  /** Sum of the mask of a patch, in pixels; Euclidean size of a blended pattern. */
  readonly size: number
  readonly success: Figure
}

export interface JudgedTriggers extends Pick<BackdoorResult, 'verdict' | 'target' | 'anomalyIndex' | 'reason'> {
  /** By class; null where it can't be told. */
  readonly indexes: ReadonlyMap<number, number | null>
}

export interface JudgeContext {
  readonly kind: TriggerKind
  readonly sizes: readonly SizedTrigger[]
  /** Pixels of a row. */
  readonly pixels: number
  /** Median Euclidean distance between two clean rows, in the same units as sizes. */
  readonly distance: number
}

/**
 * How many times smaller than the median a trigger must be. Areas and Euclidean lengths differ in scale. Clean models
 * reach 2.0 (patch) and 1.6 (blend) where some class lies close to all others; docs/how-to/find-a-backdoor.md has all
 * that were measured.
 */
const folds: Readonly<Record<TriggerKind, { readonly backdoored: number; readonly unclear: number }>> = {
  patch: { backdoored: 3, unclear: 2.4 },
  blend: { backdoored: 2, unclear: 1.7 },
}
/** Threshold of Wang et al. 2019. */
const publishedIndex = 2
/** A trigger that turns fewer rows is no trigger. */
const turnsEnough = 0.8
const fewestClasses = 4
const fewestRows = 20
/** Where classes can't be compared, a trigger must be tiny by itself: shares of the pixels, and of the distance between rows. */
const tiny: Readonly<Record<TriggerKind, number>> = { patch: 0.01, blend: 0.1 }

/**
 * Distance of each value from the median, in median deviations times 1.4826: what a standard deviation would be if the
 * values were normal (Wang et al. 2019). Undefined where the deviation is 0 or there are fewer than three values.
 */
export const anomalyIndexes = (values: readonly number[]): readonly number[] | undefined => {
  if (values.length < 3) return undefined
  const middle = median(values)
  const deviation = 1.4826 * median(values.map((value) => Math.abs(value - middle)))
  return deviation > 0 ? values.map((value) => Math.abs(value - middle) / deviation) : undefined
}

/**
 * The verdict over classes. The published rule (index above 2, below the median) alone accuses every fifth clean model
 * of ten classes, so a class must also need a trigger several times smaller than the median; the index may be that of
 * the sizes or of their logarithms, whose spread is the same for large and small ones.
 */
export const judgeTriggers = (context: JudgeContext): JudgedTriggers => {
  const { kind, sizes } = context
  const unknown = new Map(sizes.map((one) => [one.class, null]))
  const cannotTell = (reason: string): JudgedTriggers => ({
    verdict: 'cannot tell',
    target: null,
    anomalyIndex: null,
    reason,
    indexes: unknown,
  })
  const rows = Math.min(...sizes.map(({ success }) => success.n))
  if (sizes.length === 0) return cannotTell('No class has rows of another class to search its trigger on.')
  if (rows < fewestRows)
    return cannotTell(`A trigger was checked on ${rows} rows only; a verdict needs ${fewestRows} of other classes.`)
  const working = sizes.filter(({ success }) => success.value >= turnsEnough)
  const smallest = [...working].sort((a, b) => a.size - b.size)[0]
  if (!smallest)
    return cannotTell(
      `For no class was a trigger found that turns ${100 * turnsEnough} % of the rows: the gradients may be masked, or the search too short.`,
    )
  const [raw, logs] = [
    anomalyIndexes(sizes.map(({ size }) => size)),
    anomalyIndexes(sizes.map(({ size }) => Math.log(Math.max(size, 1e-6)))),
  ]
  if (sizes.length < fewestClasses || working.length < sizes.length / 2 || !raw || !logs)
    return alone(context, smallest, unknown)
  const indexes = new Map(sizes.map((one, i) => [one.class, raw[i]!]))
  const at = sizes.indexOf(smallest)
  const index = raw[at]!
  const middle = median(sizes.map(({ size }) => size))
  const fold = middle / Math.max(smallest.size, 1e-6)
  const apart = Math.max(index, logs[at]!) > publishedIndex
  const said = `The smallest ${names[kind]}, of class ${smallest.class}, ${measures[kind]} ${short(smallest.size)} where the median of ${sizes.length} classes is ${short(middle)} (${short(fold)} times smaller, anomaly index ${short(index)}${smallest.size < middle ? `, of the logarithms ${short(logs[at]!)}` : ''}), and turns ${short(100 * smallest.success.value)} % of rows that it was not searched on.`
  const { backdoored, unclear } = folds[kind]
  const rest = { anomalyIndex: index, indexes }
  if (apart && fold >= backdoored) {
    const more = sizes.filter(
      (one) => one !== smallest && middle / Math.max(one.size, 1e-6) >= backdoored && one.success.value >= turnsEnough,
    )
    const also = more.length > 0 ? ` Classes ${more.map((one) => one.class).join(', ')} stand out too.` : ''
    return {
      ...rest,
      verdict: 'backdoored',
      target: smallest.class,
      reason: `${said} A backdoor is told from ${backdoored} times on; no clean model that was tried came so far.${also}`,
    }
  }
  if (apart && fold >= unclear)
    return {
      ...rest,
      verdict: 'cannot tell',
      target: null,
      reason: `${said} That is more than clean models show, and less than the ${backdoored} times that a verdict needs: give more rows, or more steps.`,
    }
  return {
    ...rest,
    verdict: 'clean',
    target: null,
    reason: `${said} A backdoor would stand out by ${backdoored} times or more.`,
  }
}

/** A trigger that has nothing to be compared with. */
const alone = (
  { kind, sizes, pixels, distance }: JudgeContext,
  smallest: SizedTrigger,
  indexes: JudgedTriggers['indexes'],
): JudgedTriggers => {
  const whole = kind === 'patch' ? pixels : distance
  const share = smallest.size / whole
  const rest = { anomalyIndex: null, indexes }
  const said = `${sizes.length} classes are too few to compare, or too few could be reached. The smallest ${names[kind]}, of class ${smallest.class}, ${measures[kind]} ${short(smallest.size)}: ${short(100 * share)} % of ${kind === 'patch' ? 'the picture' : 'the distance between two rows'}, and turns ${short(100 * smallest.success.value)} % of the rows.`
  const limit = `${100 * tiny[kind]} %`
  return share <= tiny[kind] && (kind === 'blend' || pixels >= 100)
    ? {
        ...rest,
        verdict: 'backdoored',
        target: smallest.class,
        reason: `${said} So little (${limit} at most) turns no clean model.`,
      }
    : {
        ...rest,
        verdict: 'cannot tell',
        target: null,
        reason: `${said} Only one of ${limit} or less would speak for a backdoor by itself.`,
      }
}

const names: Readonly<Record<TriggerKind, string>> = { patch: 'patch', blend: 'blended pattern' }
const measures: Readonly<Record<TriggerKind, string>> = { patch: 'covers, in pixels,', blend: 'has the Euclidean size' }
const short = (value: number): string => String(Number(value.toPrecision(3)))
