import { definePoisonAttack } from '../../threat/poisoning.ts'
import { chosenRows } from './rows/chosen-rows.ts'
import { poisonedCopy } from './rows/poisoned-copy.ts'

/** Rows, drawn at random, get another label: each of the other classes is as likely. Pictures and tables alike. */
export const labelFlip = definePoisonAttack({
  id: 'label-flip',
  title: 'Label flips: rows at random get another class',
  reference: 'Biggio et al. 2011, Support vector machines under adversarial label noise (PMLR 20)',
  aim: 'availability',
  parameters: {},
  async poison(context) {
    const { labels, classes, random } = context
    const rows = chosenRows(context, () => classes > 1)
    return poisonedCopy(context, rows, {
      label: (row) => (labels[row]! + 1 + random('class', row).integer(classes - 1)) % classes,
    })
  },
})
