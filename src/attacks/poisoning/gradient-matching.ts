import { argmaxRows } from '../../base/argmax.ts'
import { permutation } from '../../base/permutation.ts'
import type { Classifier } from '../../models/classifier.ts'
import { forward } from '../../models/program.ts'
import { definePoisonAttack, type PoisonContext } from '../../threat/poisoning.ts'
import { gatherRows, rowsWhere } from '../../threat/rows.ts'
import { craft } from './matching/craft.ts'
import { type Matcher, openMatcher } from './matching/matcher.ts'
import { chosenRows } from './rows/chosen-rows.ts'
import { inputRange } from './rows/input-range.ts'
import { neededModel } from './rows/needed-model.ts'
import { poisonedCopy } from './rows/poisoned-copy.ts'

/**
 * Witches' Brew: rows of the target class are changed, each value by at most epsilon, so that the gradient that training
 * on them takes is the one that would turn a chosen row of another class into the target. Labels stay right, and the row
 * itself is never trained on.
 */
export const gradientMatching = definePoisonAttack({
  id: 'gradient-matching',
  title: "Gradient matching (Witches' Brew): rows of the target class whose gradients turn one chosen row",
  reference: 'Geiping et al. 2021, arXiv:2009.02276',
  aim: 'targeted',
  domain: 'images',
  needsModel: true,
  parameters: {
    epsilon: {
      kind: 'number',
      default: 16 / 255,
      min: 0,
      max: 1,
      help: 'largest change of a value, as a share of the input range',
    },
    steps: { kind: 'integer', default: 60, min: 1, help: 'steps of signed Adam; the paper takes 250' },
    restarts: {
      kind: 'integer',
      default: 1,
      min: 1,
      help: 'random starts, of which the best is kept; the paper takes 8',
    },
    victims: { kind: 'integer', default: 1, min: 1, help: 'rows of one other class that are to become the target' },
    weights: {
      kind: 'choice',
      default: 'all',
      choices: ['all', 'last layer'],
      help: 'weights whose gradients are matched; the last layer costs less and is weaker',
    },
  },
  async poison(context, parameters) {
    const { x, labels, size, judged, target, low, high, random, progress } = context
    const model = neededModel('gradient-matching', context)
    const rows = chosenRows(context, (row) => labels[row] === target)
    const victims = await victimsOf(context, model, parameters.victims)
    if (rows.length === 0 || victims.length === 0)
      return { ...poisonedCopy(context, rows, {}), victims, notes: ['There was no row to poison, or none to turn.'] }
    const matcher = await openMatcher(model, parameters.weights)
    try {
      const range = inputRange(context)
      const {
        x: crafted,
        before,
        after,
      } = await craft({
        matcher,
        wanted: await matcher.gradients(
          gatherRows(judged.x, victims, size),
          victims.map(() => target),
        ),
        x: gatherRows(x, rows, size),
        labels: gatherRows(labels, rows, 1),
        epsilon: parameters.epsilon * (range[1] - range[0]),
        low,
        high,
        steps: parameters.steps,
        restarts: parameters.restarts,
        random: (restart) => random('start', restart),
        progress,
      })
      return {
        ...poisonedCopy(context, rows, { x: crafted }),
        victims,
        notes: [howMatched(matcher, before, after)],
      }
    } finally {
      await matcher.release()
    }
  },
})

const howMatched = ({ weights }: Matcher, before: number, after: number): string =>
  `Gradients ${weights === 'all' ? 'of all weights (second order)' : "of the last layer's weights only"} were matched: ` +
  `cosine ${before.toFixed(3)} before, ${after.toFixed(3)} after.`

/** Judged rows of one class that the model gets right: those of the first row drawn, and of its class. */
const victimsOf = async ({ judged, target, random }: PoisonContext, model: Classifier, count: number) => {
  const rows = judged.labels.length
  const { logits } = await (await model.program(forward)).run(rows, { x: judged.x })
  const predicted = argmaxRows(logits ?? new Float32Array(), model.classes)
  const other = rowsWhere(rows, (row) => judged.labels[row] !== target)
  const right = other.filter((row) => predicted[row] === judged.labels[row])
  const able = right.length > 0 ? right : other
  const order = permutation(able.length, random('victims')).map((at) => able[at]!)
  return order
    .filter((row) => judged.labels[row] === judged.labels[order[0]!])
    .subarray(0, count)
    .sort()
}
