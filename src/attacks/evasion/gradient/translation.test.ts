import { expect, it } from 'vitest'
import { graphBuilder } from '../../../onnx/builder.ts'
import { createSession, modelOf } from '../../../onnx/session.ts'
import { kernelOf, smoothed } from './translation.ts'

it('has the weights of the normal density from -3 to 3 over 15 taps, as the authors take them', () => {
  const kernel = kernelOf({ taps: 15, deviations: 3 })
  // norm.pdf(numpy.linspace(-3, 3, 15)), divided by its sum.
  expect(kernel[7]).toBeCloseTo(0.17118067973712664, 12)
  expect(kernel[8]! / kernel[7]!).toBeCloseTo(Math.exp(-0.5 * (6 / 14) ** 2), 12)
  expect(kernel[0]! / kernel[7]!).toBeCloseTo(Math.exp(-4.5), 12)
  expect(kernel.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
  expect(kernelOf({ taps: 1, deviations: 3 })).toEqual([1])
})

it('is the convolution of each channel with the kernel, zeros around it', async () => {
  const [channels, height, width] = [2, 5, 4]
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['rows', channels, height, width])
  g.output('y', smoothed(g, x, [channels, height, width], { taps: 3, deviations: 1 }))
  const session = await createSession(modelOf(g.build(['y'])), {})
  const values = Float32Array.from({ length: channels * height * width }, (_, i) => Math.sin(7 * i))
  const { y } = await session.run({ x: { dtype: 'float32', dims: [1, channels, height, width], data: values } })
  const kernel = kernelOf({ taps: 3, deviations: 1 })
  const at = (c: number, i: number, j: number): number =>
    i < 0 || j < 0 || i >= height || j >= width ? 0 : values[(c * height + i) * width + j]!
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++) {
        let sum = 0
        for (let a = -1; a <= 1; a++)
          for (let b = -1; b <= 1; b++) sum += kernel[a + 1]! * kernel[b + 1]! * at(c, i + a, j + b)
        expect(y!.data[(c * height + i) * width + j]).toBeCloseTo(sum, 6)
      }
  await session.release()
})
