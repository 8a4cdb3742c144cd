import { jointAttack } from '../attacks/evasion/gradient/joint.ts'
import { isBartizanError } from '../base/errors.ts'
import type { Figure, Queries } from '../contract/index.ts'
import type { Classifier } from '../models/classifier.ts'
import { aucFigure, clopperPearson, figure, type RocPoint, rocCurve, shareAbove } from '../stats/index.ts'
import type { AnyAttack } from '../threat/attack.ts'
import type { FittedDetector } from '../threat/detector.ts'
import type { AnyParameters } from '../threat/parameters.ts'
import { detectorScores } from '../threat/scores.ts'
import { type AttackDataRequest, type AttackedData, attackData } from './attack-run.ts'

/** `attack` and its `parameters` are those of the attack that does not know of the detector. */
export interface DetectionRequest extends Omit<AttackDataRequest, 'model' | 'targets' | 'onChunk'> {
  readonly model: Classifier
  readonly detector: FittedDetector
  /** A row is flagged where its score is above this. */
  readonly threshold: number
  /** Parameters of the attack that knows of the detector (`joint-pgd`). */
  readonly adaptive?: AnyParameters
}

/** A detector against an attack that doesn't know of it. */
export interface PlainDetection {
  readonly attack: string
  readonly parameters: AnyParameters
  readonly queries: Queries
  /** Clean rows against the same rows after the attack, whether it broke them or not. */
  readonly auc: Figure
  readonly roc: readonly RocPoint[]
  /** Clean rows against those that the attack broke; null where it broke none. */
  readonly aucOfBroken: Figure | null
  /** Share of the broken rows that are flagged; null where there are none. */
  readonly truePositiveRate: Figure | null
  readonly robustAccuracy: Figure
}

/** Model and detector against an attack that goes for both. */
export type AdaptiveDetection =
  | {
      readonly ran: true
      readonly attack: string
      readonly parameters: AnyParameters
      readonly queries: Queries
      readonly robustAccuracy: Figure
    }
  | { readonly ran: false; readonly reason: string }

/**
 * What a detector is worth. Robust accuracy of the pair is the share of all rows that are right when clean and, after
 * the attack, right or flagged; `undefended` is the model's alone. A detector that flags everything has a pair of 100 %:
 * read it with `falsePositiveRate` and `acceptedAccuracy`.
 */
export interface DetectionResult {
  readonly rows: number
  readonly threshold: number
  readonly cleanAccuracy: Figure
  /** Share of the clean rows that are flagged. */
  readonly falsePositiveRate: Figure
  /** Share of the clean rows that are right and not flagged. */
  readonly acceptedAccuracy: Figure
  readonly undefended: Figure
  readonly plain: PlainDetection
  /** The worse of both attacks, row by row. */
  readonly adaptive: AdaptiveDetection
}

/**
 * Measures a calibrated detector on rows that it has seen neither in fitting nor in calibration: how well it tells clean
 * rows from those of an attack that doesn't know of it, and what model and detector together hold against one that does.
 * Throws what `attackData` throws.
 */
export const measureDetection = async (request: DetectionRequest): Promise<DetectionResult> => {
  const { model, detector, threshold, adaptive, progress = () => {}, ...rest } = request
  const against = async (attack: AnyAttack, parameters: AnyParameters | undefined, from: number) => {
    const scores = { clean: [] as number[], after: [] as number[] }
    const run = await attackData({
      ...rest,
      model,
      attack,
      parameters,
      progress: (done) => progress((from + done) / 2),
      async onChunk({ x, adversarial, rows }) {
        for (const score of await detectorScores(model, detector, x, rows)) scores.clean.push(score)
        for (const score of await detectorScores(model, detector, adversarial, rows)) scores.after.push(score)
      },
    })
    return { run, scores, evaded: run.perRow.broken.map((broken, row) => broken && scores.after[row]! <= threshold) }
  }
  const plain = await against(request.attack, request.parameters, 0)
  const joint = await orReason(() => against(jointAttack({ detector, threshold }), adaptive, 1))
  const { run, scores, evaded } = plain
  return {
    rows: run.rows,
    threshold,
    cleanAccuracy: run.cleanAccuracy,
    falsePositiveRate: shareAbove(scores.clean, threshold),
    acceptedAccuracy: share(rightWhenClean(run).map((right, row) => right && scores.clean[row]! <= threshold)),
    undefended: run.robustAccuracy,
    plain: { attack: request.attack.id, ...plainDetection(run, scores, threshold), robustAccuracy: held(run, evaded) },
    adaptive:
      'reason' in joint
        ? { ran: false, reason: joint.reason }
        : {
            ran: true,
            attack: 'joint-pgd',
            parameters: joint.run.parameters,
            queries: joint.run.queries,
            robustAccuracy: held(
              run,
              evaded.map((before, row) => before || joint.evaded[row]!),
            ),
          },
  }
}

const plainDetection = (
  { perRow, parameters, queries }: AttackedData,
  { clean, after }: { readonly clean: readonly number[]; readonly after: readonly number[] },
  threshold: number,
): Omit<PlainDetection, 'attack' | 'robustAccuracy'> => {
  const broken = after.filter((_, row) => perRow.broken[row])
  return {
    parameters,
    queries,
    auc: aucFigure({ positives: after, negatives: clean }),
    roc: rocCurve({ positives: after, negatives: clean }),
    aucOfBroken: broken.length > 0 ? aucFigure({ positives: broken, negatives: clean }) : null,
    truePositiveRate: broken.length > 0 ? shareAbove(broken, threshold) : null,
  }
}

const rightWhenClean = ({ perRow: { clean, labels } }: AttackedData): readonly boolean[] =>
  labels.map((label, row) => clean[row] === label)

/** A row that is wrong when clean counts as lost, flagged or not: no attack is needed. */
const held = (run: AttackedData, evaded: readonly boolean[]): Figure =>
  share(rightWhenClean(run).map((right, row) => right && !evaded[row]))

const share = (rows: readonly boolean[]): Figure => figure(rows.filter(Boolean).length, rows.length, clopperPearson)

/** An attack that can't be run on this model says why: a detector that no attacker was sent after is not judged. */
const orReason = async <T extends object>(run: () => Promise<T>): Promise<T | { readonly reason: string }> => {
  try {
    return await run()
  } catch (error) {
    const known = ['GRAPH_OP_UNSUPPORTED', 'GRAPH_NOT_DIFFERENTIABLE', 'ATTACK_NOT_APPLICABLE'] as const
    if (isBartizanError(error) && known.some((code) => error.code === code)) return { reason: error.message }
    throw error
  }
}
