import { BartizanError } from '../../../base/errors.ts'
import type { AnyAttack } from '../../../threat/attack.ts'
import { distances, isNorm, type Measure, tolerance } from '../../../threat/norm.ts'
import { gridOf } from '../rows/grid.ts'
import { sideOf } from './patch.ts'

/** What a change for all rows is applied to. */
export interface FittedUse {
  readonly attack: Pick<AnyAttack, 'id' | 'makes'>
  /** Shape of one row. */
  readonly dims: readonly number[]
  readonly norm: Measure
  readonly epsilon: number
  readonly low: number
  readonly high: number
}

/** Shape of what the attack made: a row's, or [channels, side, side] of a patch. */
export const shapeOfFitted = ({ attack, dims }: Pick<FittedUse, 'attack' | 'dims'>, values: Float32Array) => {
  if (attack.makes !== 'patch') return dims
  const { channels } = gridOf(dims)
  const side = Math.round(Math.sqrt(values.length / channels))
  return [channels, side, side]
}

/** How large a patch may be on the picture. */
export const sizeOfPatch = ({ dims, epsilon }: Pick<FittedUse, 'dims' | 'epsilon'>) => {
  const grid = gridOf(dims)
  const side = sideOf(grid, epsilon)
  return { side, share: side ** 2 / (grid.height * grid.width) }
}

/**
 * Throws DATA_SHAPE_MISMATCH and DATA_OUT_OF_RANGE unless an array can be applied as what the attack makes. A patch may
 * have any resolution: it is scaled to the size that the budget allows.
 */
export const checkFitted = (
  use: FittedUse,
  { path, shape, values }: { readonly path: string; readonly shape: readonly number[]; readonly values: Float32Array },
): void => {
  const { attack, dims, low, high, norm, epsilon } = use
  const patch = attack.makes === 'patch'
  const { channels } = gridOf(dims)
  const [first, side, other] = shape
  const fits = patch
    ? shape.length === 3 && first === channels && side === other && side! > 0
    : shape.length === dims.length && shape.every((length, axis) => length === dims[axis])
  if (!fits)
    throw new BartizanError(
      'DATA_SHAPE_MISMATCH',
      `${path} holds an array [${shape.join(', ')}], and ${attack.id} applies ${patch ? `a square patch [${channels}, side, side]` : `a perturbation in the shape of a row, [${dims.join(', ')}]`}`,
      { hint: `bartizan attack run ${attack.id} --save-fitted FILE writes one for a model`, data: { path, shape } },
    )
  const bad = values.findIndex((value) => !Number.isFinite(value) || (patch && (value < low || value > high)))
  if (bad >= 0)
    throw new BartizanError(
      'DATA_OUT_OF_RANGE',
      `${path}: value ${bad} is ${values[bad]}${patch ? `, outside ${low} to ${high}` : ', not a number that can be added'}`,
      {
        hint: patch
          ? 'a patch holds pixels in the range of the input; a perturbation is for universal'
          : 'make it again with --save-fitted',
        data: { path, index: bad },
      },
    )
  if (patch || !isNorm(norm)) return
  const [size = 0] = distances(norm, values, new Float32Array(values.length), values.length)
  if (size <= epsilon + tolerance(norm, epsilon, values.length, Math.max(Math.abs(low), Math.abs(high)))) return
  throw new BartizanError(
    'DATA_OUT_OF_RANGE',
    `${path} holds a perturbation of ${norm} ${Number(size.toPrecision(6))}, more than the budget ${epsilon}: no row could count as broken`,
    { hint: 'raise --eps, or make one within the budget', data: { path, norm, size, epsilon } },
  )
}
