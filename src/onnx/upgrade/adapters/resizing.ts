import { BartizanError } from '../../../base/errors.ts'
import { tensor, toNumbers } from '../../tensor.ts'
import type { Attribute, Node } from '../../types.ts'
import { type AdapterContext, defineAdapter, madeNode, withInput, withoutAttributes } from '../adapter.ts'

const text = (value: string): Attribute => ({ type: 'string', value })

/** The scales became an input. */
export const upsampleScales = defineAdapter({
  op: 'Upsample',
  until: 9,
  adapt: (node, context) => {
    const scales = context.attributes.floats('scales') ?? []
    const input = context.constant('scales', tensor('float32', [scales.length], scales))
    return [withInput(withoutAttributes(node, 'scales'), 1, input)]
  },
})

/** Upsample is Resize under its first name. */
export const upsample = defineAdapter({
  op: 'Upsample',
  until: 10,
  adapt: (node) => [{ ...node, op: 'Resize' }],
})

/**
 * Before 11 coordinates were asymmetric, and the nearest pixel the one before where a picture grows, the one after
 * where it shrinks (as ONNX Runtime computes it). Axes are independent, so a mixture is two steps.
 */
export const resizeCoordinates = defineAdapter({
  op: 'Resize',
  until: 11,
  adapt: (node, context) => {
    const [x, scales] = node.inputs as readonly [string, string]
    const mode = context.attributes.string('mode', 'nearest')
    const attributes = { mode: text(mode), coordinate_transformation_mode: text('asymmetric') }
    if (mode !== 'nearest') return [{ ...node, inputs: [x, '', scales], attributes }]
    const value = context.type(scales).constant
    const factors = value ? toNumbers(value) : undefined
    const nearest = (rounding: string) => ({ ...attributes, nearest_mode: text(rounding) })
    const shrinks = factors?.some((factor) => factor < 1) ?? false
    const grows = factors?.some((factor) => factor > 1) ?? true
    if (!shrinks || !factors) return [{ ...node, inputs: [x, '', scales], attributes: nearest('floor') }]
    if (!grows) return [{ ...node, inputs: [x, '', scales], attributes: nearest('ceil') }]
    return mixed(node, factors, nearest, context)
  },
})

const mixed = (
  node: Node,
  factors: readonly number[],
  nearest: (rounding: string) => Node['attributes'],
  { constant, name }: AdapterContext,
): readonly Node[] => {
  const part = (stem: string, keep: (factor: number) => boolean) =>
    constant(
      stem,
      tensor(
        'float32',
        [factors.length],
        factors.map((factor) => (keep(factor) ? factor : 1)),
      ),
    )
  const larger = name('larger')
  return [
    madeNode('Resize', [node.inputs[0]!, '', part('growing', (factor) => factor >= 1)], larger, nearest('floor')),
    { ...node, inputs: [larger, '', part('shrinking', (factor) => factor < 1)], attributes: nearest('ceil') },
  ]
}

/** Inputs that nothing is read from had to be there, empty; one way of coordinates was dropped. */
export const resizeInputs = defineAdapter({
  op: 'Resize',
  until: 13,
  adapt: (node, context) => {
    const coordinates = context.attributes.string('coordinate_transformation_mode', 'half_pixel')
    const [x = '', roi = '', scales = '', sizes = ''] = node.inputs
    const isEmpty = (name: string) => context.type(name).dims?.[0] === 0
    const inputs = [x, coordinates === 'tf_crop_and_resize' ? roi : '', isEmpty(scales) ? '' : scales, sizes]
    const current = { ...node, inputs: sizes ? inputs : inputs.slice(0, 3) }
    if (coordinates !== 'tf_half_pixel_for_nn') return [current]
    // floor((x + 1/2) / scale) is the half pixel's coordinate rounded upwards at ties.
    if (
      context.attributes.string('nearest_mode', 'round_prefer_floor') !== 'floor' ||
      context.attributes.string('mode', 'nearest') !== 'nearest'
    )
      throw new BartizanError('MODEL_UNSUPPORTED', `Resize "${node.name}" uses tf_half_pixel_for_nn without floor`, {
        hint: 'export the model again with opset_version 13 or newer',
      })
    const attributes = {
      ...node.attributes,
      coordinate_transformation_mode: text('half_pixel'),
      nearest_mode: text('round_prefer_ceil'),
    }
    return [{ ...current, attributes }]
  },
})
