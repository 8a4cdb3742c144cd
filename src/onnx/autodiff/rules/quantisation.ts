import type { Value } from '../../builder.ts'
import { quantisedRange, spreadOver } from '../quantised.ts'
import { defineRule } from '../rule.ts'
import { unbroadcast } from '../unbroadcast.ts'
import { unsupportedGradient } from '../unsupported.ts'

const caveat = 'straight-through estimate: rounding is taken for the identity'

/**
 * saturate(round(X / scale) + zero point). Straight through (Bengio et al. 2013, arXiv:1308.3432): dX = dY / scale where
 * nothing is clipped, 0 outside. No gradient for scale and zero point.
 */
export const quantizeLinear = defineRule({
  op: 'QuantizeLinear',
  caveat,
  vjp: ({ g, node, attributes, x, y, dY }) => {
    const [X, scale, zeroPoint] = x as [Value, Value, Value | undefined]
    return [
      () => {
        const [low, high] = quantisedRange(
          node,
          zeroPoint?.dtype ?? (y[0]!.dtype === 'undefined' ? 'uint8' : y[0]!.dtype),
        )
        const s = g.cast(spreadOver(g, node, attributes, scale, X), X.dtype)
        const rounded = g.op('Round', [g.div(X, s)])
        const shifted = zeroPoint
          ? g.add(rounded, g.cast(spreadOver(g, node, attributes, zeroPoint, X), X.dtype))
          : rounded
        const inside = g.and(g.greaterOrEqual(shifted, low), g.lessOrEqual(shifted, high))
        return g.where(inside, g.div(g.cast(dY, X.dtype), s), 0)
      },
      'none',
      'none',
    ]
  },
})

/**
 * (X - zero point) scale: dX = dY scale, carried in floats though X is of integers; d scale = Σ dY (X - zero point).
 * No gradient for the zero point.
 */
export const dequantizeLinear = defineRule({
  op: 'DequantizeLinear',
  throughIntegers: true,
  vjp: ({ g, node, attributes, x, dY }) => {
    const [X, scale, zeroPoint] = x as [Value, Value, Value | undefined]
    const s = () => spreadOver(g, node, attributes, scale, X)
    return [
      () => g.mul(dY, s()),
      () => {
        if (attributes.int('block_size', 0) > 0) throw unsupportedGradient(node, "isn't known for the scale of blocks")
        const values = g.cast(X, dY.dtype)
        const offset = zeroPoint && g.cast(spreadOver(g, node, attributes, zeroPoint, X), dY.dtype)
        const each = g.mul(dY, offset ? g.sub(values, offset) : values)
        return g.reshape(unbroadcast(g, each, s()), g.shapeOf(scale))
      },
      'none',
    ]
  },
})

/**
 * Quantised to uint8 over the range of X itself, which never clips: dX = dY / scale, straight through. The range's own
 * dependence on X is left out.
 */
export const dynamicQuantizeLinear = defineRule({
  op: 'DynamicQuantizeLinear',
  caveat,
  vjp: ({ g, x: [X], y: [, scale], dYs: [dY] }) => [() => (dY ? g.div(dY, scale!) : g.zerosLike(X!))],
})
