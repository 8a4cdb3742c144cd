import type { Value } from '../builder.ts'
import type { InputGradient, VjpContext } from './rule.ts'
import { unsupportedGradient } from './unsupported.ts'

/** One scatter operator with its indices: writes updates into data, and reads what lies where it would write. */
export interface Scatter {
  write(data: Value, updates: Value, reduction: string): Value
  read(data: Value): Value
}

/**
 * Gradients of a scatter for data and updates, by reduction:
 * - none: data keeps dY where nothing was written, updates get dY from where they went. Indices must differ, as ONNX
 *   demands.
 * - add: data keeps dY, updates get dY.
 * - mul: dY times the product of all other factors of an element, exact where factors are 0.
 * - max, min: dY goes to whatever attains the extremum, shared equally at ties.
 */
export const scatterGradients = (context: VjpContext, scatter: Scatter): readonly InputGradient[] => {
  const { g, node, attributes, x, dY } = context
  const reduction = attributes.string('reduction', 'none')
  const updates = x[2]!
  switch (reduction) {
    case 'none':
      return [() => scatter.write(dY, g.zerosLike(updates), 'none'), 'none', () => scatter.read(dY)]
    case 'add':
      return [() => dY, 'none', () => scatter.read(dY)]
    case 'mul':
      return productGradients(context, scatter)
    case 'max':
    case 'min':
      return extremumGradients(context, scatter)
    default:
      throw unsupportedGradient(node, `has no form for reduction "${reduction}"`)
  }
}

/** With P the product of the factors that aren't 0: the others' product is P / factor, or P, or 0 by the zeros left. */
const productGradients = ({ g, x, dY }: VjpContext, scatter: Scatter): readonly InputGradient[] => {
  const [data, , updates] = x as [Value, Value, Value]
  const isZero = (factor: Value) => g.cast(g.equal(factor, 0), factor.dtype)
  const withoutZeros = (factor: Value) => g.where(g.equal(factor, 0), 1, factor)
  const product = scatter.write(withoutZeros(data), withoutZeros(updates), 'mul')
  const zeros = scatter.write(isZero(data), isZero(updates), 'add')
  const gradient = (factor: Value, at: (value: Value) => Value): Value => {
    const noOtherZero = g.equal(at(zeros), isZero(factor))
    return g.where(noOtherZero, g.mul(at(dY), g.div(at(product), withoutZeros(factor))), 0)
  }
  return [() => gradient(data, (value) => value), 'none', () => gradient(updates, scatter.read)]
}

const extremumGradients = ({ g, x, y, dY }: VjpContext, scatter: Scatter): readonly InputGradient[] => {
  const [data, , updates] = x as [Value, Value, Value]
  const Y = y[0]!
  const attains = (candidate: Value, extremum: Value) => g.cast(g.equal(candidate, extremum), Y.dtype)
  const fromData = attains(data, Y)
  const fromUpdates = attains(updates, scatter.read(Y))
  const share = g.div(dY, scatter.write(fromData, fromUpdates, 'add'))
  return [() => g.mul(fromData, share), 'none', () => g.mul(fromUpdates, scatter.read(share))]
}
