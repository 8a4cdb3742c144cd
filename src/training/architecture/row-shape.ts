import type { Value } from '../../onnx/builder.ts'
import type { LayerArguments } from './layer-arguments.ts'

/** Sizes of one row of a draft's value: its batch axis is the only one that is open. */
export const rowOf = (x: Value): readonly number[] => x.dims!.slice(1) as number[]

/** The channels and spatial sizes of an image, sequence or volume. Throws CONFIG_INVALID for flat features. */
export const imageOf = (
  x: Value,
  args: LayerArguments,
): { readonly channels: number; readonly spatial: readonly number[] } => {
  const [channels, ...spatial] = rowOf(x)
  if (channels === undefined || spatial.length === 0)
    throw args.refuse(
      `it needs channels and positions, [channels, height, width], but gets rows of [${rowOf(x)}]`,
      'dense layers flatten what they get; put this layer before them',
    )
  return { channels, spatial }
}

/** One size for each axis; a single one stands for all. Throws CONFIG_INVALID for another number of them. */
export const eachAxis = (
  sizes: readonly number[],
  spatial: readonly number[],
  args: LayerArguments,
): readonly number[] => {
  if (sizes.length === 1) return spatial.map(() => sizes[0]!)
  if (sizes.length !== spatial.length)
    throw args.refuse(`${sizes.join('x')} has ${sizes.length} sizes but a row has ${spatial.length} axes of positions`)
  return sizes
}
