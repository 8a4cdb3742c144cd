import { definePoisonAttack, type TriggerContext } from '../../threat/poisoning.ts'
import { gatherRows } from '../../threat/rows.ts'
import { chosenRows } from './rows/chosen-rows.ts'
import { inputRange } from './rows/input-range.ts'
import { poisonedCopy } from './rows/poisoned-copy.ts'

/** A key pattern of random pixels mixed into rows of other classes, faintly, and the label of the target. */
export const blended = definePoisonAttack({
  id: 'blended',
  title: 'Blended backdoor: a random pattern mixed in, and the label of the target',
  reference: 'Chen et al. 2017, arXiv:1712.05526',
  aim: 'backdoor',
  domain: 'images',
  parameters: {
    alpha: { kind: 'number', default: 0.2, min: 0, max: 1, help: 'share of the pattern in the mixture' },
  },
  async poison(context, { alpha }) {
    const { x, labels, size, target } = context
    const rows = chosenRows(context, (row) => labels[row] !== target)
    return poisonedCopy(context, rows, {
      x: mixed(context, gatherRows(x, rows, size), alpha),
      label: () => target,
    })
  },
  trigger: (context, x, { alpha }) => mixed(context, x, alpha),
})

/** (1 - alpha) x + alpha key, the key being uniform in the input range. */
const mixed = (context: TriggerContext, x: Float32Array, alpha: number): Float32Array => {
  const [low, high] = inputRange(context)
  const random = context.random('key')
  const key = Float32Array.from({ length: context.size }, () => low + (high - low) * random.uniform())
  return x.map((value, at) => value + alpha * (key[at % context.size]! - value))
}
