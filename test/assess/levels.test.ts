import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readNpy } from '../../src/data/index.ts'
import { bartizan, newProject } from './project.ts'

const digits = [
  '--model',
  'digits.onnx',
  '--data',
  'images-idx3-ubyte',
  '--labels',
  'labels-idx1-ubyte',
  '--rows',
  '0:32',
]
const run = (folder: string, ...flags: readonly string[]) =>
  bartizan(folder, ['attack', 'run', 'pgd', ...digits, '--eps', '0.1', '--set', 'steps=5', ...flags, '--json', '-'])

describe('rows that are stored as bytes', () => {
  it('are changed to rows that bytes hold, within the budget, before they count', async () => {
    const folder = newProject('')
    const found = await run(folder, '--scale', '1/255', '--levels', '256', '--save', 'found.npy')
    expect(found.code, found.stderr).toBe(0)
    const free = JSON.parse((await run(folder, '--scale', '1/255')).stdout)
    const { robustAccuracy, distance } = JSON.parse(found.stdout)
    const { data } = await readNpy(join(folder, 'found.npy'))
    for (const value of data) expect(Math.abs(Number(value) * 255 - Math.round(Number(value) * 255))).toBeLessThan(1e-3)
    // 25.5 of 255: half a byte is lost.
    expect(distance.max).toBeLessThanOrEqual(25 / 255 + 1e-6)
    expect(free.distance.max).toBeCloseTo(0.1, 6)
    expect(robustAccuracy.value).toBeGreaterThanOrEqual(free.robustAccuracy.value)
    expect(robustAccuracy.value).toBeLessThan(1)
  })
  it('are refused where they were never stored so', async () => {
    const { code, stderr } = await run(newProject(''), '--scale', '1/255', '--levels', '100')
    expect(code).toBe(3)
    expect(stderr).toMatch(/is none of the 100 numbers over \[0, 1\]/)
  })
})
