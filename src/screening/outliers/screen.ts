import { adjustedPValues } from '../../stats/two-sample/index.ts'
import { type AnyParameters, resolveParameters } from '../../threat/parameters.ts'
import { type AnyScreen, defineScreen, type NullComparison, type ScreenContext } from '../../threat/screen.ts'
import type { AnyOutlierDetector } from './detector.ts'
import { groupsOf, type RowGroup } from './groups.ts'
import { type JudgedGroup, judgeGroup } from './judge-group.ts'
import { spaceOf } from './space.ts'

export const screenParameters = {
  space: {
    kind: 'choice',
    default: 'auto',
    choices: ['auto', 'rows', 'features'],
    help: "where rows are compared: as they are, or as the model's penultimate features; auto: the features where a model is given",
  },
  'per-class': { kind: 'boolean', default: true, help: 'compares a row with rows of its own label only' },
  folds: {
    kind: 'integer',
    default: 5,
    min: 2,
    max: 50,
    help: 'each row is scored by what was learned from the other folds, never from itself',
  },
} as const

/**
 * An outlier detector as a screen. Rows of a class are scored by what was learned from other rows of the class, and
 * their scores compared with what clean rows would score: trusted rows where there are some, else the law of the bulk of
 * the scores. Of the flagged rows a share of at most the false-discovery rate is expected to be like the others.
 */
export const outlierScreen = (detector: AnyOutlierDetector): AnyScreen => {
  const { id, title, reference, parameters: own } = detector
  return defineScreen({
    id,
    title,
    reference: `${reference}; Benjamini and Hochberg 1995`,
    needs: [],
    parameters: { ...own, ...screenParameters },
    async run(context, parameters) {
      const { space, 'per-class': perClass, folds, ...given } = parameters as AnyParameters
      const compared = spaceOf(context, String(space), detector)
      const groups = groupsOf(context, Boolean(perClass))
      const request = {
        detector,
        parameters: resolveParameters(id, own, given),
        folds: Number(folds),
        ...compared,
        rate: context.falseDiscoveryRate,
        total: context.rows,
        random: context.random,
      }
      const judged: JudgedGroup[] = []
      let done = 0
      for (const group of groups) {
        judged.push(await judgeGroup(group, request))
        done += group.rows.length
        context.progress(done / Math.max(context.rows, 1))
      }
      return resultOf(context, detector, groups, judged)
    },
  })
}

const resultOf = (
  { rows, falseDiscoveryRate }: ScreenContext,
  { id }: AnyOutlierDetector,
  groups: readonly RowGroup[],
  judged: readonly JudgedGroup[],
) => {
  const scores = new Float64Array(rows)
  const at: number[] = []
  const pValues: number[] = []
  const comparisons: NullComparison[] = []
  for (const [i, { p, comparison }] of judged.entries()) {
    if (!p) continue
    for (const [place, row] of groups[i]!.rows.entries()) {
      scores[row] = -Math.log(Math.max(p[place]!, Number.MIN_VALUE))
      at.push(row)
      pValues.push(p[place]!)
    }
    comparisons.push({ ...comparison!, statistic: `largest ${id} score of ${groups[i]!.name}` })
  }
  const unjudged = judged.flatMap(({ refused }, i) => (refused ? [`${groups[i]!.name}: ${refused}`] : []))
  if (pValues.length === 0)
    return {
      verdict: 'cannot tell' as const,
      reason: unjudged.join('; ') || 'there are no rows',
      scores,
      flagged: new Int32Array(0),
      null: [],
    }
  const adjusted = adjustedPValues(pValues)
  const flagged = Int32Array.from(at.filter((_, i) => adjusted[i]! <= falseDiscoveryRate)).sort()
  const found =
    flagged.length > 0
      ? `${flagged.length} of ${pValues.length} rows stand out from their class; of such rows a share of at most ${falseDiscoveryRate} is expected to be like the others`
      : `none of ${pValues.length} rows stands out from its class at a false-discovery rate of ${falseDiscoveryRate}`
  const left = unjudged.length > 0 ? `; could not be judged: ${unjudged.join('; ')}` : ''
  return {
    verdict: flagged.length > 0 ? ('flagged' as const) : ('nothing found' as const),
    reason: `${found}${left}`,
    scores,
    flagged,
    null: comparisons,
  }
}
