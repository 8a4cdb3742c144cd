import type { ProgramBuilder } from '../../../models/program.ts'
import type { Operand, Value } from '../../../onnx/builder.ts'
import { adam } from '../../../onnx/optimisers.ts'
import { finiteSlope } from './hinge.ts'

/** State of a row in Adam's descent: where it stands in tanh space, and the moments. */
export const tanhState = ['w', 'mean', 'square'] as const
export type TanhState = Readonly<Record<(typeof tanhState)[number], Float32Array>>

/** The start of a descent at w, before any moments. */
export const tanhStart = (w: Float32Array): TanhState => ({
  w,
  mean: new Float32Array(w.length),
  square: new Float32Array(w.length),
})

/**
 * One step of Adam on w, where x = centre + half · tanh(w) and `slope` is the loss's gradient for x: no w leaves the box,
 * so nothing needs clipping. `rate`, the length of a step in tanh space, and `step`, its number from 1, are one a row.
 */
export const descendTanh = (
  { g, input }: Pick<ProgramBuilder, 'g' | 'input'>,
  slope: Value,
  half: Operand,
): Record<(typeof tanhState)[number], Value> => {
  const w = input('w')
  const { weight, slots } = adam().update(g, {
    weight: w,
    gradient: g.mul(finiteSlope(g, slope), g.mul(g.sub(1, g.square(g.tanh(w))), half)),
    slots: { mean: input('mean'), square: input('square') },
    rate: input('rate'),
    step: input('step'),
  })
  return { w: weight, mean: slots.mean!, square: slots.square! }
}
