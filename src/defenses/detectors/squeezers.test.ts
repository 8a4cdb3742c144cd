import { describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { addGradient } from '../../onnx/autodiff/gradient.ts'
import { graphBuilder } from '../../onnx/builder.ts'
import { createSession, modelOf } from '../../onnx/session.ts'
import { fewerLevels, gradedLevels, type Squeezer } from './squeezers.ts'

const random = stream('squeezers')
/** Among them values right between two levels, and the ends. */
const values = (low: number, high: number): Float32Array =>
  Float32Array.from({ length: 64 }, (_, i) => low + (high - low) * (i < 16 ? i / 15 : random.uniform()))

const squeezed = async (squeeze: Squeezer, x: Float32Array, low: number, high: number) => {
  const g = graphBuilder()
  const input = g.input('x', 'float32', [4, 16])
  const y = g.output('y', squeeze({ g, x: input, dims: [16], low, high }))
  g.output('slope', addGradient(g, g.build(), { of: g.reduceSum(y, [1]), withRespectTo: [input] })[0]!)
  const session = await createSession(modelOf(g.build()))
  const outputs = await session.run({ x: { dtype: 'float32', dims: [4, 16], data: x } })
  await session.release()
  return { y: outputs.y!.data as Float32Array, slope: outputs.slope!.data as Float32Array }
}

const ranges = [
  { bits: 1, low: 0, high: 1 },
  { bits: 2, low: 0, high: 1 },
  { bits: 4, low: -1, high: 1 },
  { bits: 8, low: 0, high: 255 },
]
/** Ties to even, as NumPy rounds. */
const rint = (t: number): number => (Math.abs(t % 1) === 0.5 ? 2 * Math.round(t / 2) : Math.round(t))

describe.each(ranges)('$bits bits over [$low, $high]', ({ bits, low, high }) => {
  const x = values(low, high)
  const top = 2 ** bits - 1

  it('leave 2^bits levels, the nearest to each value', async () => {
    const { y, slope } = await squeezed(fewerLevels(bits), x, low, high)
    for (const [i, value] of x.entries()) {
      const scaled = ((value - low) / (high - low)) * top
      // Between two levels float32 may fall to either side.
      if (Math.abs(Math.abs(scaled % 1) - 0.5) > 1e-5)
        expect(y[i]).toBeCloseTo(low + ((high - low) * rint(scaled)) / top, 4)
    }
    expect(new Set(y).size).toBeLessThanOrEqual(2 ** bits)
    // Straight through, but for the ends of the range, where clipping may stop it.
    expect(slope.slice(16).every((value) => Math.abs(value - 1) < 1e-5)).toBe(true)
  })

  it('are the same levels with graded gradients, which are steep near a change of level only', async () => {
    const plain = await squeezed(fewerLevels(bits), x, low, high)
    const graded = await squeezed(gradedLevels(bits), x, low, high)
    for (const [i, value] of x.entries()) {
      const fraction = (((value - low) / (high - low)) * top) % 1
      if (Math.abs(fraction - 0.5) > 1e-4) expect(graded.y[i]).toBe(plain.y[i])
      const distance = Math.abs(fraction - 0.5)
      if (i >= 16 && distance < 0.1) expect(graded.slope[i]).toBeGreaterThan(1.9)
      if (i >= 16 && distance > 0.4) expect(graded.slope[i]).toBeLessThan(0.2)
    }
  })
})
