import type { GraphBuilder, Value } from '../builder.ts'
import { sizeOf, tensor } from '../tensor.ts'

/** A kernel put together from the elements of another: `from[i]` is the flat index that element i comes from, -1 a 0. */
export interface KernelView {
  readonly dims: readonly number[]
  readonly from: Int32Array
}

/** The kernel as it is. */
export const wholeKernel = (dims: readonly number[]): KernelView => ({
  dims,
  from: Int32Array.from({ length: sizeOf(dims) }, (_, i) => i),
})

/** One Gather from the flat kernel: the runtime does it once where the weights are constant. */
export const gatherKernel = (g: GraphBuilder, W: Value, { dims, from }: KernelView): Value => {
  const size = sizeOf(W.dims as readonly number[])
  const flat = g.concat([g.reshape(W, [-1]), g.constant(W.dtype, [1], [0])], 0)
  const at = from.map((index) => (index < 0 ? size : index))
  return g.gather(flat, g.tensor(tensor('int32', dims, at)), 0)
}
