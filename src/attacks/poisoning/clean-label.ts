import { definePoisonAttack } from '../../threat/poisoning.ts'
import { gatherRows } from '../../threat/rows.ts'
import { ascent } from './rows/ascent.ts'
import { chosenRows } from './rows/chosen-rows.ts'
import { inputRange } from './rows/input-range.ts'
import { neededModel } from './rows/needed-model.ts'
import { poisonedCopy } from './rows/poisoned-copy.ts'
import { patchParameters, stamped } from './trigger/patch-trigger.ts'

/**
 * Rows of the target class are perturbed by PGD so that what they show is hard to learn from, then the patch is put on
 * them; labels stay. The model needs the patch to get them right.
 */
export const cleanLabel = definePoisonAttack({
  id: 'clean-label',
  title: 'Clean-label backdoor: adversarial rows of the target class with a patch, no label changed',
  reference: 'Turner et al. 2019, arXiv:1912.02771',
  aim: 'backdoor',
  domain: 'images',
  needsModel: true,
  parameters: {
    ...patchParameters,
    epsilon: {
      kind: 'number',
      default: 0.3,
      min: 0,
      max: 1,
      help: 'largest change of a value before the patch, as a share of the input range',
    },
    steps: { kind: 'integer', default: 40, min: 1, help: 'PGD steps' },
  },
  async poison(context, parameters) {
    const { x, labels, size, target } = context
    const rows = chosenRows(context, (row) => labels[row] === target)
    const model = neededModel('clean-label', context)
    const [low, high] = inputRange(context)
    const hard = await ascent(context, model, gatherRows(x, rows, size), {
      rows,
      labels: gatherRows(labels, rows, 1),
      epsilon: parameters.epsilon * (high - low),
      steps: parameters.steps,
    })
    return poisonedCopy(context, rows, { x: stamped(context, hard, parameters) })
  },
  trigger: (context, x, parameters) => stamped(context, x, parameters),
})
