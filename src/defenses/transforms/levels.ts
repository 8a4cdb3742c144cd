import type { GraphBuilder, Value } from '../../onnx/builder.ts'
import { ownDomain } from '../../onnx/straight-through.ts'
import type { TransformSite } from './transform.ts'

/** Rounding that gradients pass straight through. */
export const rounded = (g: GraphBuilder, x: Value): Value => g.op('Round', [x], {}, { domain: ownDomain })

/** Levels 0 to `top`, as whole numbers; gradients pass straight through both. */
export const asLevels = (g: GraphBuilder, x: Value, top: number): Value =>
  g.op('Clip', [rounded(g, x), g.scalar(0, x), g.scalar(top, x)], {}, { domain: ownDomain })

export const clipped = (g: GraphBuilder, x: Value, low: number, high: number): Value =>
  g.op('Clip', [x, g.scalar(low, x), g.scalar(high, x)])

/** The input on a scale from 0 to `top`, cut off at both ends; where nothing is to be done, no bit changes. */
export const toScale = ({ g, x, low, high }: TransformSite, top: number): Value => {
  const bounded = clipped(g, x, low, high)
  const shifted = low === 0 ? bounded : g.sub(bounded, low)
  const unit = high - low === 1 ? shifted : g.div(shifted, high - low)
  return g.mul(unit, top)
}

/** Back from a scale from 0 to `top` to the input's range. */
export const fromScale = ({ g, low, high }: TransformSite, value: Value, top: number): Value => {
  const unit = g.div(value, top)
  const spread = high - low === 1 ? unit : g.mul(unit, high - low)
  return low === 0 ? spread : g.add(spread, low)
}
