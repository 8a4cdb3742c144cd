import { readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scratch } from '../base/testing.ts'
import { writeNpz } from '../data/index.ts'
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts'

const file = scratch()
const floats = fc.array(fc.float(), { minLength: 1, maxLength: 8 }).map((values) => Float32Array.from(values))
const arrays = fc
  .dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), floats, { maxKeys: 4, noNullPrototype: true })
  .map((values) => new Map(Object.entries(values)))
const progress = fc.record({
  step: fc.nat(),
  loss: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  records: fc.array(fc.record({ best: fc.boolean(), rate: fc.double({ min: 1e-12, max: 1, noNaN: true }) })),
})
const checkpoint = { run: 'a', progress: { step: 3 }, arrays: { weights: new Map([['w', Float32Array.of(1, 2)]]) } }

describe('a checkpoint', () => {
  it('comes back to the bit', async () => {
    const path = file('same.ckpt')
    await fc.assert(
      fc.asyncProperty(progress, arrays, arrays, async (progress, weights, best) => {
        const saved = { run: 'a', progress, arrays: { weights, best } }
        await saveCheckpoint(path, saved)
        expect(await loadCheckpoint(path, 'a')).toEqual(saved)
      }),
      { numRuns: 40, seed: 1 },
    )
  })

  it('is not there before it was saved', async () => {
    expect(await loadCheckpoint(file('none.ckpt'), 'a')).toBeUndefined()
  })

  it('of another run is refused, and stays', async () => {
    const path = file('other.ckpt')
    await saveCheckpoint(path, checkpoint)
    const before = readFileSync(path)
    await expect(loadCheckpoint(path, 'b')).rejects.toMatchObject({
      code: 'RUN_CONFLICT',
      message: expect.stringContaining(path),
    })
    expect(readFileSync(path)).toEqual(before)
  })

  it('that is cut off or changed is an error that names the file', async () => {
    const path = file('damaged.ckpt')
    await saveCheckpoint(path, checkpoint)
    const whole = readFileSync(path)
    const lengths = [0, 1, 21, 100, Math.floor(whole.length / 2), whole.length - 30, whole.length - 1]
    const changed = whole.map((byte, i) => (i === 200 ? byte ^ 1 : byte))
    for (const bytes of [...lengths.map((length) => whole.subarray(0, length)), changed]) {
      writeFileSync(path, bytes)
      await expect(loadCheckpoint(path, 'a'), `${bytes.length} bytes`).rejects.toMatchObject({
        code: 'DATA_CORRUPT',
        message: expect.stringContaining(path),
      })
    }
  })

  it('is no other npz file', async () => {
    const path = file('arrays.npz')
    await writeNpz(path, { x: { dtype: 'float32', shape: [1], data: Float32Array.of(1) } })
    await expect(loadCheckpoint(path, 'a')).rejects.toMatchObject({ code: 'DATA_CORRUPT' })
  })
})
