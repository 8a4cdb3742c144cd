import { tensor } from '../../tensor.ts'
import type { Node } from '../../types.ts'
import { type AdapterContext, defineAdapter, madeNode, withInput, withoutAttributes } from '../adapter.ts'

/** A scalar in the element type of the data, cast where the graph runs if that type isn't known. */
const scalarLike = (
  node: Node,
  context: AdapterContext,
  stem: string,
  value: number,
): { readonly name: string; readonly nodes: readonly Node[] } => {
  const x = node.inputs[0]!
  const { dtype } = context.type(x)
  const plain = context.constant(stem, tensor(dtype === 'undefined' ? 'float32' : dtype, [], [value]))
  if (dtype !== 'undefined') return { name: plain, nodes: [] }
  const name = context.name(`${stem}-cast`)
  return { name, nodes: [madeNode('CastLike', [plain, x], name)] }
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
    const { name, nodes } = scalarLike(node, context, 'value', value)
    return [...nodes, withInput(padded, 2, name)]
  },
})

/** min and max became inputs; without an attribute there is no bound. */
export const clip = defineAdapter({
  op: 'Clip',
  until: 11,
  adapt: (node, context) => {
    let current = withoutAttributes(node, 'min', 'max')
    const added: Node[] = []
    for (const [i, stem] of ['min', 'max'].entries()) {
      const bound = context.attributes.float(stem)
      if (bound === undefined) continue
      const { name, nodes } = scalarLike(node, context, stem, bound)
      current = withInput(current, i + 1, name)
      added.push(...nodes)
    }
    return [...added, current]
  },
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
