import { defineLayer, type LayerKind } from '../layer.ts'
import { imageOf } from '../row-shape.ts'
import { windowAttributes, windowOptions } from '../window.ts'

const pooling = (name: string, op: string, help: string): LayerKind =>
  defineLayer({
    name,
    usage: `${name} KERNEL [stride S] [pad P|same]`,
    help: `${help}; the stride is the kernel's size by default`,
    options: ['stride', 'pad'],
    read(args) {
      const window = windowOptions(args, args.sizes('the kernel'), 0)
      return (draft, x) => {
        const attributes = windowAttributes(window, imageOf(x, args).spatial, args, 'kernel')
        if (attributes.kernel_shape.some((size) => typeof window.pad === 'number' && window.pad >= size))
          throw args.refuse(`a padding of ${window.pad} leaves windows without a position`)
        // Padding counts as zeros in the mean, as in torch.
        const counted = op === 'AveragePool' && window.pad !== 0 ? { count_include_pad: 1 } : {}
        return draft.node(draft.named(name), op, [x], { ...attributes, ...counted })
      }
    },
  })

export const maxPool = pooling('maxpool', 'MaxPool', 'the largest value in each window')
export const averagePool = pooling('avgpool', 'AveragePool', 'the mean of each window')

export const globalAveragePool = defineLayer({
  name: 'globalavgpool',
  usage: 'globalavgpool',
  help: 'the mean of each channel, as a row of features',
  read: (args) => (draft, x) => {
    imageOf(x, args)
    const pooled = draft.node(draft.named('globalavgpool'), 'GlobalAveragePool', [x])
    return draft.node(draft.named('flatten'), 'Flatten', [pooled])
  },
})
