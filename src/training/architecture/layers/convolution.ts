import { sizeOf } from '../../../onnx/tensor.ts'
import { defineLayer } from '../layer.ts'
import { imageOf } from '../row-shape.ts'
import { windowAttributes, windowOptions } from '../window.ts'

export const convolution = defineLayer({
  name: 'conv',
  usage: 'conv CHANNELS [KERNEL] [stride S] [pad P|same] [groups G] [bias no]',
  help: 'convolution over one to three axes; kernel 3, stride 1 and padding to the same size by default',
  options: ['stride', 'pad', 'groups', 'bias'],
  read(args) {
    const channels = args.count('the number of channels')
    const window = windowOptions(args, args.sizes('the kernel', 3), 'same')
    const groups = args.option('groups', 1) ?? 1
    const bias = args.choice('bias', ['no', 'yes'], 'yes') === 'yes'
    return (draft, x) => {
      const { channels: from, spatial } = imageOf(x, args)
      const attributes = windowAttributes(window, spatial, args, 1)
      if (from % groups !== 0 || channels % groups !== 0)
        throw args.refuse(`${groups} groups divide ${from} channels into ${channels} unevenly`)
      const name = draft.named('conv')
      const dims = [channels, from / groups, ...attributes.kernel_shape]
      const fanIn = sizeOf(dims.slice(1))
      const weights = [draft.drawn(`${name}.weight`, dims, fanIn)]
      if (bias) weights.push(draft.drawn(`${name}.bias`, [channels], fanIn))
      return draft.node(name, 'Conv', [x, ...weights], { ...attributes, group: groups })
    }
  },
})
