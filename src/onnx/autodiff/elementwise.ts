import type { GraphBuilder, Value } from '../builder.ts'
import { defineRule, type GradientRule, type VjpContext } from './rule.ts'

/** The derivative of a function of one variable at each element, from its argument and its result. */
export type Slope = (g: GraphBuilder, X: Value, Y: Value, context: VjpContext) => Value

/** The rule of an operator that maps each element on its own: dX = dY slope(X). */
export const elementwise = (op: string, slope: Slope, domain?: string): GradientRule =>
  defineRule({
    op,
    ...(domain && { domain }),
    vjp: (context) => {
      const { g, x, y, dY } = context
      return [() => g.mul(dY, slope(g, x[0]!, y[0]!, context))]
    },
  })
