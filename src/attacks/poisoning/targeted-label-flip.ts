import { BartizanError } from '../../base/errors.ts'
import { definePoisonAttack, type PoisonContext } from '../../threat/poisoning.ts'
import { rowsWhere } from '../../threat/rows.ts'
import { chosenRows } from './rows/chosen-rows.ts'
import { nearestClass } from './rows/nearest-class.ts'
import { poisonedCopy } from './rows/poisoned-copy.ts'

/** Rows of one class get the label of another: the model is to take the one for the other. */
export const targetedLabelFlip = definePoisonAttack({
  id: 'targeted-label-flip',
  title: 'Targeted label flips: rows of one class get the label of the target',
  reference: 'Tolpegin et al. 2020, arXiv:2007.08432',
  aim: 'targeted',
  parameters: {
    source: {
      kind: 'integer',
      default: -1,
      min: -1,
      help: 'class whose rows get the label of the target; -1: the one whose mean is nearest to the mean of the target',
    },
  },
  async poison(context, parameters) {
    const { labels, judged, target } = context
    const source = sourceOf(context, parameters.source)
    const rows = chosenRows(context, (row) => labels[row] === source)
    return {
      ...poisonedCopy(context, rows, { label: () => target }),
      victims: rowsWhere(judged.labels.length, (row) => judged.labels[row] === source),
      notes: [
        source === undefined
          ? 'No other class than the target has rows: none was flipped.'
          : `Rows of class ${source} were labelled as class ${target}.`,
      ],
    }
  },
})

const sourceOf = (context: PoisonContext, given: number): number | undefined => {
  if (given === -1) return nearestClass(context)
  if (given < context.classes && given !== context.target) return given
  throw new BartizanError(
    'USAGE',
    `the source class ${given} should be one of the ${context.classes} classes, and not the target`,
    { hint: '-1 takes the class that is nearest to the target' },
  )
}
