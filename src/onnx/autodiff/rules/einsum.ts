import type { GraphBuilder, Value } from '../../builder.ts'
import { type Equation, readEquation, writeEquation } from '../einsum-equation.ts'
import { defineRule } from '../rule.ts'
import { rangeOf } from '../shape-vector.ts'
import { unbroadcast } from '../unbroadcast.ts'
import { neededRank } from '../unsupported.ts'

/**
 * Einsum: the gradient for an input is the Einsum of dY with all other inputs, to the input's own letters. Axes that
 * were summed away and that no other input has are stretched again, axes of size 1 that were broadcast are summed. An
 * input with a letter twice (a diagonal) gets its gradient on that diagonal.
 */
export const einsum = defineRule({
  op: 'Einsum',
  vjp: ({ g, node, attributes, x, dY }) => {
    const inputs = x as readonly Value[]
    const ranks = inputs.map((input) => neededRank(node, input))
    const equation = readEquation(attributes.string('equation', ''), ranks)
    return inputs.map((_, i) => () => inputGradient(g, equation, inputs, dY, i))
  },
})

const inputGradient = (
  g: GraphBuilder,
  { inputs: terms, output }: Equation,
  inputs: readonly Value[],
  dY: Value,
  i: number,
): Value => {
  const others = rangeOf(inputs.length).filter((j) => j !== i)
  const term = terms[i]!
  const elsewhere = new Set([...output, ...others.flatMap((j) => terms[j]!)])
  const reached = [...new Set(term)].filter((name) => elsewhere.has(name))
  const equation = writeEquation({ inputs: [output, ...others.map((j) => terms[j]!)], output: reached })
  const product = g.op('Einsum', [dY, ...others.map((j) => inputs[j]!)], { equation })
  const added = rangeOf(term.length).filter((axis) => !elsewhere.has(term[axis]!) || term.indexOf(term[axis]!) < axis)
  const aligned = added.length > 0 ? g.unsqueeze(product, added) : product
  // An axis that is neither in the output nor added may have been met by others at size 1 only.
  const full = term.every((name) => output.includes(name)) && added.length === 0
  const stretched = full ? aligned : g.expand(aligned, g.shapeOf(inputs[i]!))
  return unbroadcast(g, onDiagonals(g, stretched, term, inputs[i]!), inputs[i]!)
}

/** Zeros off the diagonal of axes that share a name. */
const onDiagonals = (g: GraphBuilder, x: Value, term: readonly string[], input: Value): Value =>
  rangeOf(term.length)
    .filter((axis) => term.indexOf(term[axis]!) < axis)
    .reduce((masked, axis) => {
      const equal = g.equal(counter(g, input, axis), counter(g, input, term.indexOf(term[axis]!)))
      return g.mul(masked, g.cast(equal, x.dtype))
    }, x)

/** 0, 1, 2, … along one axis of `like`, to broadcast against it. */
const counter = (g: GraphBuilder, like: Value, axis: number): Value => {
  const scalar = (value: number) => g.constant('int64', [], [value])
  const size = g.squeeze(g.op('Shape', [like], { start: axis, end: axis + 1 }), [0])
  const shape = rangeOf(like.dims!.length).map((i) => (i === axis ? -1 : 1))
  return g.reshape(g.op('Range', [scalar(0), size, scalar(1)]), shape)
}
