import { argmaxRows } from '../../base/argmax.ts'
import { type LabelsResult, labelsResultSchemaVersion } from '../../contract/labels.ts'
import { splitPart } from '../../data/open.ts'
import { type LabelErrors, labelHealth } from '../../screening/labels/index.ts'
import { digestOfData } from '../../screening/validation/index.ts'
import { figure } from '../../stats/index.ts'
import { nameIn } from './commitments.ts'
import type { LabelFlags } from './label-flags.ts'
import type { OwnProbabilities } from './label-network.ts'
import type { JudgedRows } from './label-probabilities.ts'

/** The contract's object, without what is written beside it. */
export const resultOf = async (
  file: string,
  flags: LabelFlags,
  judged: JudgedRows | OwnProbabilities,
  { issues, counts, interval, thresholds, confident, calibrated }: LabelErrors,
): Promise<LabelsResult> => {
  const { labels, classes, names, offset } = judged
  const health = labelHealth(counts, interval)
  const agreement = agreementOf(judged)
  const named = (c: number): number | string => names?.[c] ?? c
  const square = (cells: Int32Array): number[][] =>
    Array.from({ length: classes }, (_, given) => [...cells.subarray(given * classes, (given + 1) * classes)])
  const onDiagonal = square(calibrated).reduce((sum, row, c) => sum + row[c]!, 0)
  const digested = async (path: string) => {
    const { file: whole } = await splitPart(path)
    return { path: nameIn(flags.project, whole), sha256: await digestOfData(whole) }
  }
  const { atMost } = flags
  const { value } = health.noiseRate
  const tooMany = atMost !== undefined && value > atMost
  return {
    schemaVersion: labelsResultSchemaVersion,
    kind: 'labels',
    data: await digested(file),
    ...(flags.labels !== undefined && { labels: await digested(flags.labels) }),
    rows: labels.length,
    classes: Array.from({ length: classes }, (_, c) => named(c)),
    settings: {
      filter: flags.filter,
      score: flags.score,
      adjust: flags.adjust,
      atMost: atMost ?? null,
      seed: flags.seed,
    },
    probabilities: {
      ...('network' in judged
        ? { from: 'cross-validation', network: judged.network, folds: flags.folds, recipe: judged.recipe }
        : { from: 'file', file: await digested(flags.probabilities!) }),
      ...agreement,
    },
    issues: issues.map(({ row, given, suggested, score }) => ({
      row: row + offset,
      given: named(given),
      suggested: named(suggested),
      score: Math.min(1, Math.max(0, score)),
    })),
    agreement: null,
    annotators: null,
    joint: {
      counts: square(counts),
      confident: square(confident),
      calibrated: square(calibrated),
      thresholds: [...thresholds],
    },
    health: {
      score: health.score,
      issues: health.issues,
      noiseRate: health.noiseRate,
      estimated: 1 - onDiagonal / labels.length,
      classes: health.classes.map(({ noise, ...one }) => ({ ...one, class: named(one.class), noise: noise ?? null })),
    },
    overlap: health.overlap.map((pair) => ({ ...pair, a: named(pair.a), b: named(pair.b) })),
    verdict: atMost === undefined ? 'not judged' : tooMany ? 'failed' : 'passed',
    reasons: tooMany ? [`a share of ${value} of the labels is held to be wrong, at most ${atMost} passes`] : [],
    notes: [
      ...judged.notes,
      ...smallClasses(health.classes, named),
      ...('network' in judged ? [] : looksInSample(agreement)),
      ...looksWeak(agreement, value),
    ],
    outputs: {},
  }
}

const agreementOf = ({ labels, probabilities, classes }: JudgedRows) => {
  const likeliest = argmaxRows(Float32Array.from(probabilities), classes)
  let right = 0
  let confidence = 0
  for (const [row, c] of likeliest.entries()) {
    if (c === labels[row]) right++
    confidence += probabilities[row * classes + c]!
  }
  return { agreement: figure(right, labels.length), confidence: confidence / labels.length }
}

const smallClasses = (
  classes: ReturnType<typeof labelHealth>['classes'],
  named: (c: number) => number | string,
): readonly string[] =>
  [
    [0, 'No row is labelled', ''],
    [1, 'One row alone is labelled', ': nothing can be said of that label'],
  ].flatMap(([rows, before, after]) => {
    const few = classes.filter((one) => one.rows === rows).map((one) => named(one.class))
    return few.length === 0 ? [] : [`${before} ${few.join(' or ')}${after}.`]
  })

/** Of a model that learned the very labels by heart nothing is to be learned about them. */
const looksInSample = ({ agreement, confidence }: ReturnType<typeof agreementOf>): readonly string[] =>
  agreement.n >= 100 && agreement.value > 0.998 && confidence > 0.99
    ? [
        'The probabilities agree with nearly every label: if they are those of a model that learned from these rows, wrong labels are hidden.',
      ]
    : []

/** Where a model contradicts far more labels than can be wrong, most of it is its own doing. */
const looksWeak = ({ agreement }: ReturnType<typeof agreementOf>, noise: number): readonly string[] =>
  1 - agreement.value > 1.5 * noise + 0.02
    ? [
        'The model contradicts far more labels than are held to be wrong: it is too weak for these rows, and many of the issues may be its own errors.',
      ]
    : []
