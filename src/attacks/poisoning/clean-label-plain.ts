import { definePoisonAttack } from '../../threat/poisoning.ts'
import { gatherRows } from '../../threat/rows.ts'
import { chosenRows } from './rows/chosen-rows.ts'
import { poisonedCopy } from './rows/poisoned-copy.ts'
import { patchParameters, stamped } from './trigger/patch-trigger.ts'

/**
 * A patch on rows of the target class, whose labels stay right: what Turner et al. compare their attack with. The model
 * has no need of the patch to tell such a row's class, so it takes many of them.
 */
export const cleanLabelPlain = definePoisonAttack({
  id: 'clean-label-plain',
  title: 'Clean-label backdoor: a patch on rows of the target class, no label changed',
  reference: 'Turner et al. 2019, arXiv:1912.02771 (its baseline)',
  aim: 'backdoor',
  domain: 'images',
  parameters: patchParameters,
  async poison(context, parameters) {
    const { x, labels, size, target } = context
    const rows = chosenRows(context, (row) => labels[row] === target)
    return poisonedCopy(context, rows, { x: stamped(context, gatherRows(x, rows, size), parameters) })
  },
  trigger: stamped,
})
