import { sizeOf } from '../../../onnx/tensor.ts'
import { defineLayer } from '../layer.ts'
import { rowOf } from '../row-shape.ts'

export const dense = defineLayer({
  name: 'dense',
  usage: 'dense UNITS|classes',
  help: 'fully connected; what it gets is flattened; `classes` is the number of classes of the data',
  read(args) {
    const units = args.keyword('classes') ? undefined : args.count('the number of units')
    return (draft, x) => {
      const width = units ?? draft.classes
      if (width === undefined)
        throw args.refuse('the number of classes is not known', 'write the number in place of it')
      const from = sizeOf(rowOf(x))
      const flat = rowOf(x).length === 1 ? x : draft.node(draft.named('flatten'), 'Flatten', [x])
      const name = draft.named('fc')
      const weights = [draft.drawn(`${name}.weight`, [width, from], from), draft.drawn(`${name}.bias`, [width], from)]
      return draft.node(name, 'Gemm', [flat, ...weights], { transB: 1 })
    }
  },
})

export const flatten = defineLayer({
  name: 'flatten',
  usage: 'flatten',
  help: 'all positions of all channels as one row of features',
  read: () => (draft, x) => draft.node(draft.named('flatten'), 'Flatten', [x]),
})
