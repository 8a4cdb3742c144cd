import { tensor } from '../../tensor.ts'
import type { DType, Node } from '../../types.ts'
import { type AdapterContext, defineAdapter, withInput, withoutAttributes } from '../adapter.ts'

/** The element type of the data, which its bounds must share. */
const dataType = (node: Node, context: AdapterContext): DType => {
  const { dtype } = context.type(node.inputs[0]!)
  return dtype === 'undefined' ? 'float32' : dtype
}

/** starts, ends and axes became inputs. */
export const slice = defineAdapter({
  op: 'Slice',
  until: 10,
  adapt: (node, context) => [
    ['starts', 'ends', 'axes'].reduce(
      (current, name, i) => {
        const list = context.attributes.ints(name)
        return list ? withInput(current, i + 1, context.constant(name, tensor('int64', [list.length], list))) : current
      },
      withoutAttributes(node, 'starts', 'ends', 'axes'),
    ),
  ],
})

/** pads and the value became inputs. */
export const pad = defineAdapter({
  op: 'Pad',
  until: 11,
  adapt: (node, context) => {
    const pads = context.attributes.ints('pads', [])
    const value = context.attributes.float('value', 0)
    const padded = withInput(
      withoutAttributes(node, 'pads', 'value'),
      1,
      context.constant('pads', tensor('int64', [pads.length], pads)),
    )
    if (value === 0) return [padded]
    return [withInput(padded, 2, context.constant('value', tensor(dataType(node, context), [], [value])))]
  },
})

/** min and max became inputs; without an attribute there is no bound. */
export const clip = defineAdapter({
  op: 'Clip',
  until: 11,
  adapt: (node, context) => [
    ['min', 'max'].reduce(
      (current, name, i) => {
        const bound = context.attributes.float(name)
        if (bound === undefined) return current
        return withInput(current, i + 1, context.constant(name, tensor(dataType(node, context), [], [bound])))
      },
      withoutAttributes(node, 'min', 'max'),
    ),
  ],
})

/** k became an input. */
export const topK = defineAdapter({
  op: 'TopK',
  until: 10,
  adapt: (node, context) => [
    withInput(
      withoutAttributes(node, 'k'),
      1,
      context.constant('k', tensor('int64', [1], [context.attributes.int('k', 1)])),
    ),
  ],
})

/** The ratio became an input; without a training input nothing is dropped, as before. */
export const dropout = defineAdapter({
  op: 'Dropout',
  until: 12,
  adapt: (node, context) => [
    withInput(
      withoutAttributes(node, 'ratio'),
      1,
      context.constant('ratio', tensor('float32', [], [context.attributes.float('ratio', 0.5)])),
    ),
  ],
})

/** The axis became an input, counted from the end by default. */
export const dft = defineAdapter({
  op: 'DFT',
  until: 20,
  adapt: (node, context) => [
    withInput(
      withoutAttributes(node, 'axis'),
      2,
      context.constant('axis', tensor('int64', [], [context.attributes.int('axis', 1)])),
    ),
  ],
})
