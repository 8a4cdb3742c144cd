import { exitCodes } from '../../base/errors.ts'
import type { Figure, Hardening, ModelMeasurement } from '../../contract/index.ts'
import { shortNumber } from '../battery.ts'
import { count, normNames, number, percent } from '../report/format.ts'

/** What a verdict on a hardening is drawn from, nothing else. */
export type JudgedHardening = Pick<
  Hardening,
  'aim' | 'params' | 'threat' | 'maxCleanDrop' | 'before' | 'after' | 'stopped'
>

export type HardeningJudgement = Pick<Hardening, 'verdict' | 'exitCode' | 'reasons'>

/** Sentences, by what they speak for. */
interface Findings {
  readonly gains: readonly string[]
  readonly losses: readonly string[]
  readonly neutral: readonly string[]
}

/**
 * The one verdict on a hardening. A figure rises where its value afterwards is above the 95 % interval from before, and
 * falls where it is below; anything between is no change.
 *
 * - `failed`: training diverged or overfitted catastrophically, whatever the last good weights are worth.
 * - `worse`: clean accuracy fell by more than is allowed (clean rows that a detector flags count as lost, and the rate
 *   of false alarms that was asked for is allowed on top), or robust accuracy fell at any budget.
 * - `improved`: what the method aims at got better, and nothing above holds. Robustness is judged at the largest budget
 *   in the worst case over attacks (where certificates exist, by certified accuracy at the largest L2 budget, or at
 *   sigma), accuracy by clean accuracy, calibration by the expected error, size by bytes, a backdoor by the rows that the rebuilt trigger turns, detection by rows that are
 *   right or flagged under an attack on model and detector at once, against the undefended model of before.
 * - `unchanged`: the rest, and a better figure where an attack may be failing (rule 3: never a good grade).
 */
export const judgeHardening = (judged: JudgedHardening): HardeningJudgement => {
  const failures = failuresOf(judged)
  const harm = harmOf(judged)
  const { gains, losses, neutral } = aimed(judged)
  const doubts =
    judged.aim === 'accuracy' || judged.aim === 'calibration' || ['backdoor', 'poisoning'].includes(judged.aim)
      ? []
      : doubtsOf(judged)
  const lost = [...harm, ...losses]
  const verdict =
    failures.length > 0
      ? 'failed'
      : lost.length > 0
        ? 'worse'
        : gains.length > 0 && doubts.length === 0
          ? 'improved'
          : 'unchanged'
  return {
    verdict,
    exitCode: verdict === 'improved' ? exitCodes.passed : exitCodes.failed,
    reasons: [...failures, ...lost, ...gains, ...doubts, ...neutral],
  }
}

const failuresOf = ({ stopped }: JudgedHardening): readonly string[] =>
  stopped?.reason === 'diverged' || stopped?.reason === 'catastrophic overfitting'
    ? [`Training stopped (${stopped.reason}): ${stopped.detail}. The file holds the last good weights.`]
    : []

const harmOf = ({ before, after, maxCleanDrop, params, threat }: JudgedHardening): readonly string[] => {
  // A row that a detector flags is not served, however right the model is about it; at the rate that was asked for.
  const clean = after.detection?.acceptedAccuracy ?? after.clean
  const asked = after.detection ? Number(params['false-positive-rate'] ?? 0) : 0
  const allowed = maxCleanDrop + asked
  const drop = before.clean.value - clean.value
  const fallen = robustPairs(before, after).filter(({ was, is }) => is.value < was.low)
  return [
    ...(drop > allowed + 1e-12
      ? [
          `Clean accuracy fell from ${percent(before.clean.value)} to ${percent(clean.value)}${after.detection ? ', flagged rows lost' : ''}: ${points(drop)} where ${points(maxCleanDrop)}${asked > 0 ? ` and the ${points(asked)} of false alarms asked for` : ''} are allowed.`,
        ]
      : []),
    ...fallen.map(({ epsilon, was, is }) => `Robust accuracy ${at(threat.norm, epsilon)} ${moved(was, is)}.`),
  ]
}

const aimed = (judged: JudgedHardening): Findings => {
  const { aim, before, after, threat } = judged
  switch (aim) {
    case 'robustness':
      return robustnessAimed(judged)
    case 'accuracy':
      return compared('Clean accuracy', before.clean, after.clean)
    case 'calibration':
      return compared(
        'The expected calibration error',
        before.calibration.expectedError,
        after.calibration.expectedError,
        -1,
      )
    case 'poisoning': {
      const [was, is] = [before, after].map(({ vote }) => vote?.points.find(({ changes }) => changes === 1)?.accuracy)
      if (!is || !after.vote) return found({ neutral: ['The new file holds no vote: nothing is certified.'] })
      const name = `Accuracy that one poisoned ${after.vote.unit.slice(0, -1)} can't change`
      if (was && before.vote?.unit === after.vote.unit) return compared(name, was, is)
      const sentence = `${name} is ${percent(is.value)}; nothing was certified before.`
      return is.low > 0 && is.value > 0 ? found({ gains: [sentence] }) : found({ neutral: [sentence] })
    }
    case 'backdoor':
      return before.backdoor && after.backdoor
        ? compared(
            `The share of rows that the rebuilt trigger turns into class ${before.backdoor.class}`,
            before.backdoor.success,
            after.backdoor.success,
            -1,
          )
        : found({ neutral: ['No backdoor was found: nothing was repaired.'] })
    case 'size': {
      const [was, is] = [before.size.bytes, after.size.bytes]
      const sentence = `The file has ${count(is)} bytes, ${count(was)} before.`
      return is < was ? found({ gains: [sentence] }) : found({ neutral: [sentence] })
    }
    case 'detection': {
      const point = largest(after.detection?.points)
      const was = before.robustness?.worst.find(({ epsilon }) => epsilon === point?.epsilon)?.accuracy
      if (!point || !was)
        return found({ neutral: ['Model and detector were not attacked together: no budget was given.'] })
      const name = `Accuracy ${at(threat.norm, point.epsilon)} under an attack on model and detector`
      return point.adaptive
        ? compared(name, was, point.adaptive)
        : found({ neutral: [`${name} could not be measured: ${point.reason}.`] })
    }
  }
}

const robustnessAimed = ({ before, after, threat }: JudgedHardening): Findings => {
  if (before.certified && after.certified) {
    const wanted = threat.norm === 'l2' ? Math.max(...threat.epsilons, 0) : 0
    const radius = wanted || after.certified.sigma
    const pick = ({ points }: NonNullable<ModelMeasurement['certified']>): Figure | undefined =>
      points.find((point) => point.radius === radius)?.accuracy
    const [was, is] = [pick(before.certified), pick(after.certified)]
    if (was && is) return compared(`Certified accuracy at L2 ${shortNumber(radius)}`, was, is)
  }
  const target = largest(robustPairs(before, after))
  return target
    ? compared(`Robust accuracy ${at(threat.norm, target.epsilon)}`, target.was, target.is)
    : found({ neutral: ['Robust accuracy was not measured: no attack of the battery could be run on both models.'] })
}

/** Signs of failing attacks that the model from before doesn't show. */
const doubtsOf = ({ before, after }: JudgedHardening): readonly string[] => {
  const flags = ({ robustness }: ModelMeasurement) =>
    (robustness?.probes ?? []).flatMap((probe) => probe.flags).filter(({ id }) => id !== 'estimated-gradient')
  const known = new Set(flags(before).map(({ id }) => id))
  const fresh = new Set(
    flags(after)
      .filter(({ id }) => !known.has(id))
      .map(({ message }) => message),
  )
  return [...fresh].map((message) => `An attack may be failing, so robustness may be overstated: ${message}.`)
}

const robustPairs = (before: ModelMeasurement, after: ModelMeasurement) =>
  (after.robustness?.worst ?? []).flatMap(({ epsilon, accuracy }) => {
    const was = before.robustness?.worst.find((other) => other.epsilon === epsilon)?.accuracy
    return was ? [{ epsilon, was, is: accuracy }] : []
  })

const largest = <T extends { readonly epsilon: number }>(list: readonly T[] | undefined): T | undefined =>
  [...(list ?? [])].sort((a, b) => b.epsilon - a.epsilon)[0]

/** `better`: 1 where more is better, -1 where less is. */
const compared = (name: string, was: Figure, is: Figure, better: 1 | -1 = 1): Findings => {
  const change = is.value > was.high ? 1 : is.value < was.low ? -1 : 0
  const sentence = `${name} ${moved(was, is)}.`
  if (change === 0) return found({ neutral: [sentence] })
  return change === better ? found({ gains: [sentence] }) : found({ losses: [sentence] })
}

const found = (some: Partial<Findings>): Findings => ({ gains: [], losses: [], neutral: [], ...some })

const moved = (was: Figure, is: Figure): string => {
  const interval = `${percent(was.low)} to ${percent(was.high)}`
  const change = `${percent(was.value)} to ${percent(is.value)}`
  if (is.value > was.high) return `rose from ${change}`
  if (is.value < was.low) return `fell from ${change}`
  return was.value === is.value
    ? `is ${percent(is.value)} as before`
    : `went from ${change}, within the interval from before (${interval})`
}

const at = (norm: JudgedHardening['threat']['norm'], epsilon: number): string =>
  `at ${normNames[norm]} ${shortNumber(epsilon)}`

const points = (share: number): string => `${number(Number((100 * share).toFixed(1)))} points`
