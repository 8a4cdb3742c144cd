import { describe, expect, it } from 'vitest'
import type { InputInfo } from '../../contract/index.ts'
import { differencePicture, rowPicture } from './picture.ts'

const input = (shape: readonly number[], range: readonly [number, number] = [0, 1]): InputInfo => ({
  range,
  units: 'byte/255',
  shape,
})

describe('rowPicture', () => {
  it('spreads the declared range over the bytes, grey, H×W and 1×H×W alike', () => {
    const row = Float32Array.from({ length: 16 }, (_, i) => -1 + (2 * i) / 15)
    const picture = rowPicture(row, input([4, 4], [-1, 1]))
    expect(picture).toMatchObject({ width: 4, height: 4, channels: 1 })
    expect([...picture!.pixels]).toEqual(Array.from({ length: 16 }, (_, i) => 17 * i))
    expect(rowPicture(row, input([1, 4, 4], [-1, 1]))).toEqual(picture)
  })

  it('reads colours from C×H×W and from H×W×C', () => {
    const [height, width] = [5, 6]
    const planes = Float32Array.from({ length: 3 * height * width }, (_, i) => Math.floor(i / (height * width)) / 2)
    const side = Float32Array.from({ length: 3 * height * width }, (_, i) => (i % 3) / 2)
    const picture = rowPicture(planes, input([3, height, width]))
    expect(picture).toMatchObject({ width, height, channels: 3 })
    expect([...picture!.pixels.slice(0, 6)]).toEqual([0, 128, 255, 0, 128, 255])
    expect(rowPicture(side, input([height, width, 3]))).toEqual(picture)
  })

  it.each([[[30]], [[7, 28, 28]], [[2, 2]], [[1, 2, 3, 4]], [[]]])(
    'does not take rows of shape %j for images',
    (shape) => {
      expect(rowPicture(new Float32Array(6000), input(shape))).toBeUndefined()
    },
  )
})

describe('differencePicture', () => {
  it('shows raised, lowered and untouched pixels of a grey image in orange, blue and white', () => {
    const clean = new Float32Array(16).fill(0.5)
    const perturbed = Float32Array.from(clean)
    perturbed[0] = 0.6
    perturbed[1] = 0.4
    const { picture, gain } = differencePicture(clean, perturbed, input([4, 4]))!
    expect(gain).toBeCloseTo(10, 4)
    const [raised, lowered, untouched] = [0, 1, 2].map((i) => [...picture.pixels.slice(3 * i, 3 * i + 3)])
    expect(raised![0]).toBeGreaterThan(raised![2]!)
    expect(lowered![2]).toBeGreaterThan(lowered![0]!)
    expect(untouched).toEqual([255, 255, 255])
  })

  it('is blank where nothing changed', () => {
    const row = new Float32Array(3 * 16).fill(0.2)
    const { picture, gain } = differencePicture(row, row, input([3, 4, 4]))!
    expect(gain).toBe(1)
    expect(new Set(picture.pixels)).toEqual(new Set([128]))
  })
})
