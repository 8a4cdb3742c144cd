import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../../../base/errors.ts'
import { checkFitted, type FittedUse, shapeOfFitted, sizeOfPatch } from './fitted.ts'

const dims = [1, 4, 5]
const use = { dims, epsilon: 0.5, low: 0, high: 1 }
const universal: FittedUse = { ...use, attack: { id: 'universal', makes: 'perturbation' }, norm: 'linf' }
const patch: FittedUse = { ...use, attack: { id: 'patch', makes: 'patch' }, norm: 'patch' }

const codeOf = (of: FittedUse, shape: readonly number[], fill: number): unknown => {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(fill)
  try {
    checkFitted(of, { path: 'f.npy', shape, values })
    return 'fits'
  } catch (error) {
    return isBartizanError(error) ? error.code : error
  }
}

describe('a file of what an attack made', () => {
  it.each([
    ["a perturbation of the row's shape", universal, dims, -0.5, 'fits'],
    ['one in another shape', universal, [4, 5], 0.1, 'DATA_SHAPE_MISMATCH'],
    ['one beyond the budget', universal, dims, 0.51, 'DATA_OUT_OF_RANGE'],
    ['one that holds no number', universal, dims, Number.NaN, 'DATA_OUT_OF_RANGE'],
    ['a patch of any resolution', patch, [1, 9, 9], 1, 'fits'],
    ['a patch that is not square', patch, [1, 3, 4], 1, 'DATA_SHAPE_MISMATCH'],
    ['a patch of other channels', patch, [3, 4, 4], 1, 'DATA_SHAPE_MISMATCH'],
    ['a patch beyond the range', patch, [1, 3, 3], -0.2, 'DATA_OUT_OF_RANGE'],
  ] as const)('%s', (_, of, shape, fill, expected) => {
    expect(codeOf(of, shape, fill)).toBe(expected)
  })

  it('is as large as the budget allows', () => {
    expect(sizeOfPatch(patch)).toEqual({ side: 3, share: 9 / 20 })
    expect(shapeOfFitted(patch, new Float32Array(9))).toEqual([1, 3, 3])
    expect(shapeOfFitted(universal, new Float32Array(20))).toEqual(dims)
  })
})
