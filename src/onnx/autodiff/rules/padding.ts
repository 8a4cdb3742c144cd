import type { Value } from '../../builder.ts'
import { normalAxis } from '../../shapes/broadcast.ts'
import { fold } from '../fold.ts'
import { defineRule, type VjpContext } from '../rule.ts'
import { rangeOf } from '../shape-vector.ts'
import { neededIntegers, neededRank, unsupportedGradient } from '../unsupported.ts'

/**
 * Pad, all modes, negative pads crop. Constant: dX = dY with the padding taken off again; the constant's gradient is
 * the sum over the padding. Reflect, edge and wrap: dX = dY added up where each element came from; their pads and the
 * sizes of padded axes must be fixed.
 */
export const pad = defineRule({
  op: 'Pad',
  vjp: (context) => {
    const { g, attributes, x, dY } = context
    const [, pads, constant, axes] = x as [Value, Value, Value | undefined, Value | undefined]
    const mode = attributes.string('mode', 'constant')
    const cropped = () => g.op('Pad', [dY, g.neg(pads), undefined, axes])
    const total = (value: Value) => g.op('ReduceSum', [value], { keepdims: 0 })
    return [
      mode === 'constant' ? cropped : () => folded(context, mode),
      'none',
      () => g.reshape(g.sub(total(dY), total(cropped())), g.shapeOf(constant!)),
      'none',
    ]
  },
})

/** Where a padded position that lies outside of [0, size) takes its element from. */
const reaches: Readonly<Record<string, (position: number, size: number) => number>> = {
  edge: (position, size) => Math.min(Math.max(position, 0), size - 1),
  wrap: (position, size) => modulo(position, size),
  reflect(position, size) {
    if (size === 1) return 0
    const period = 2 * (size - 1)
    const phase = modulo(position, period)
    return phase < size ? phase : period - phase
  },
}

const modulo = (a: number, b: number): number => ((a % b) + b) % b

const folded = ({ g, node, x, dY }: VjpContext, mode: string): Value => {
  const [X, pads, , axes] = x as [Value, Value, Value | undefined, Value | undefined]
  const reach = reaches[mode]
  if (!reach) throw unsupportedGradient(node, `has no form for mode "${mode}"`)
  const rank = neededRank(node, X)
  const along = axes ? neededIntegers(node, axes, 'its axes') : rangeOf(rank)
  const widths = neededIntegers(node, pads, 'its pads')
  return along.reduce((sum, entry, i) => {
    const axis = normalAxis(entry, rank)
    const [before, after] = [widths[i]!, widths[i + along.length]!]
    if (before === 0 && after === 0) return sum
    const size = X.dims![axis]
    if (typeof size !== 'number')
      throw unsupportedGradient(node, `needs a fixed size along axis ${axis}, which it pads in mode ${mode}`)
    // Negative pads crop first; what is left is then extended, as the runtime does it.
    const cut = Math.max(0, -before)
    const left = size - cut - Math.max(0, -after)
    const sources = rangeOf(size + before + after).map((i) => cut + reach(i - Math.max(0, before), left))
    return fold(g, sum, axis, sources, size)
  }, dY)
}
