import { definePoisonAttack } from '../../threat/poisoning.ts'
import { gatherRows } from '../../threat/rows.ts'
import { ascent } from './rows/ascent.ts'
import { chosenRows } from './rows/chosen-rows.ts'
import { inputRange } from './rows/input-range.ts'
import { neededModel } from './rows/needed-model.ts'
import { poisonedCopy } from './rows/poisoned-copy.ts'

/**
 * Availability noise: rows are moved by PGD towards the features of another class, the same one for all rows of a class,
 * and keep their labels. A model that learns from them takes those features for the wrong class. The paper poisons all
 * rows; of a few, little is to be expected.
 */
export const adversarialPoison = definePoisonAttack({
  id: 'adversarial-poison',
  title: 'Availability noise: rows moved towards another class, no label changed',
  reference: 'Fowl et al. 2021, Adversarial examples make strong poisons, arXiv:2106.10807',
  aim: 'availability',
  domain: 'images',
  needsModel: true,
  parameters: {
    epsilon: {
      kind: 'number',
      default: 8 / 255,
      min: 0,
      max: 1,
      help: 'largest change of a value, as a share of the input range',
    },
    steps: { kind: 'integer', default: 40, min: 1, help: 'PGD steps; the paper takes 250' },
    shift: {
      kind: 'integer',
      default: 1,
      min: 1,
      help: 'rows of class y move towards class y + shift, modulo classes',
    },
  },
  async poison(context, { epsilon, steps, shift }) {
    const { x, labels, size, classes } = context
    const rows = chosenRows(context, () => shift % classes !== 0)
    const model = neededModel('adversarial-poison', context)
    const [low, high] = inputRange(context)
    const own = gatherRows(labels, rows, 1)
    const moved = await ascent(context, model, gatherRows(x, rows, size), {
      rows,
      labels: own,
      targets: own.map((label) => (label + shift) % classes),
      epsilon: epsilon * (high - low),
      steps,
    })
    return poisonedCopy(context, rows, { x: moved })
  },
})
