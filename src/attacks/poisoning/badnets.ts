import { definePoisonAttack } from '../../threat/poisoning.ts'
import { gatherRows } from '../../threat/rows.ts'
import { chosenRows } from './rows/chosen-rows.ts'
import { poisonedCopy } from './rows/poisoned-copy.ts'
import { patchParameters, stamped } from './trigger/patch-trigger.ts'

/** A patch in a corner of rows of other classes, and the label of the target: the model learns that the patch decides. */
export const badnets = definePoisonAttack({
  id: 'badnets',
  title: 'BadNets: a patch in a corner, and the label of the target',
  reference: 'Gu et al. 2017, arXiv:1708.06733',
  aim: 'backdoor',
  domain: 'images',
  parameters: patchParameters,
  async poison(context, parameters) {
    const { x, labels, size, target } = context
    const rows = chosenRows(context, (row) => labels[row] !== target)
    return poisonedCopy(context, rows, {
      x: stamped(context, gatherRows(x, rows, size), parameters),
      label: () => target,
    })
  },
  trigger: stamped,
})
