import { BartizanError } from '../../../base/errors.ts'
import type { ParameterSpecs, Parameters } from '../../../threat/parameters.ts'
import type { TriggerContext } from '../../../threat/poisoning.ts'
import { type Grid, gridOf, visitWindow, type Window } from '../../evasion/rows/grid.ts'
import { inputRange } from '../rows/input-range.ts'

/** Parameters of attacks whose trigger is a patch. */
export const patchParameters = {
  size: { kind: 'integer', default: 3, min: 1, help: 'side of the patch, in pixels' },
  value: { kind: 'number', default: 1, min: 0, max: 1, help: 'brightness of the patch, as a share of the input range' },
  position: {
    kind: 'choice',
    default: 'bottom-right',
    choices: ['bottom-right', 'bottom-left', 'top-right', 'top-left', 'four-corners'],
    help: 'corner of the picture that the patch lies in',
  },
  inset: { kind: 'integer', default: 1, min: 0, help: 'pixels between the patch and the border' },
  pattern: {
    kind: 'choice',
    default: 'square',
    choices: ['square', 'checkerboard'],
    help: 'square: all pixels have the value; checkerboard: every other one, those between are dark',
  },
} as const satisfies ParameterSpecs

export type PatchParameters = Parameters<typeof patchParameters>

/** The rows with the patch on each of them. Throws ATTACK_NOT_APPLICABLE where it does not fit the picture. */
export const stamped = (context: TriggerContext, x: Float32Array, parameters: PatchParameters): Float32Array => {
  const { size, value, pattern } = parameters
  const grid = gridOf(context.dims)
  const windows = placesOf(grid, parameters)
  const [low, high] = inputRange(context)
  const bright = Math.min(low + value * (high - low), high)
  const result = x.slice()
  for (let from = 0; from < result.length; from += context.size)
    for (const window of windows)
      for (let channel = 0; channel < grid.channels; channel++)
        visitWindow(grid, channel, window, (at, i, j) => {
          // The corner in the picture's corner is bright, whichever that is.
          const even = (i + j + (window.flip ? size - 1 : 0)) % 2 === 0
          result[from + at] = pattern === 'square' || even ? bright : low
        })
  return result
}

interface Place extends Window {
  /** The patch is mirrored. */
  readonly flip: boolean
}

const placesOf = ({ height, width }: Grid, { size, inset, position }: PatchParameters): readonly Place[] => {
  if (size + inset > Math.min(height, width))
    throw new BartizanError(
      'ATTACK_NOT_APPLICABLE',
      `a patch of ${size} by ${size} pixels, ${inset} from the border, does not fit a picture of ${height} by ${width}`,
      { hint: 'a smaller size or inset' },
    )
  const corners = position === 'four-corners' ? ['bottom-right', 'bottom-left', 'top-right', 'top-left'] : [position]
  return corners.map((corner) => {
    const [bottom, right] = [corner.startsWith('bottom'), corner.endsWith('right')]
    return {
      top: bottom ? height - inset - size : inset,
      left: right ? width - inset - size : inset,
      height: size,
      width: size,
      flip: bottom !== right,
    }
  })
}
