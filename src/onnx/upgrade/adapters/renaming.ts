import { BartizanError } from '../../../base/errors.ts'
import { defineAdapter } from '../adapter.ts'

/** Scatter is ScatterElements under its first name. */
export const scatter = defineAdapter({
  op: 'Scatter',
  until: 11,
  adapt: (node) => [{ ...node, op: 'ScatterElements' }],
})

const gridModes: Readonly<Record<string, string>> = { bilinear: 'linear', bicubic: 'cubic' }

/** The modes lost their prefix when other ranks came. */
export const gridSample = defineAdapter({
  op: 'GridSample',
  until: 20,
  adapt: (node, { attributes }) => {
    const mode = attributes.string('mode', 'bilinear')
    return [{ ...node, attributes: { ...node.attributes, mode: { type: 'string', value: gridModes[mode] ?? mode } } }]
  },
})

/** Coordinates were those of the output; 16 made the half-pixel shift the default. */
export const roiAlign = defineAdapter({
  op: 'RoiAlign',
  until: 16,
  adapt: (node) => [
    {
      ...node,
      attributes: {
        ...node.attributes,
        coordinate_transformation_mode: { type: 'string', value: 'output_half_pixel' },
      },
    },
  ],
})

/** The first Scan had a batch axis of its own. */
export const scan = defineAdapter({
  op: 'Scan',
  until: 9,
  adapt: (node) => {
    throw new BartizanError('MODEL_UNSUPPORTED', `Scan "${node.name}" is in the form of operator set 8`, {
      hint: 'export the model again with a newer opset_version',
    })
  },
})
