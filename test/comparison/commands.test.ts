import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { stream } from '../../src/base/random.ts'
import { scratch } from '../../src/base/testing.ts'
import type { CommandDefinition } from '../../src/cli/command.ts'
import { dataCompare } from '../../src/cli/commands/data-compare.ts'
import { dataImages } from '../../src/cli/commands/data-images.ts'
import { readFlags } from '../../src/cli/flags/flag.ts'
import { outputTo } from '../../src/cli/terminal/output.ts'
import { comparisonSchema } from '../../src/contract/comparison.ts'
import { imagesCheckSchema } from '../../src/contract/images-check.ts'
import { writeNpy } from '../../src/data/index.ts'
import { failure } from '../../src/data/testing.ts'

const at = scratch()

/** Runs a command with what commander would have collected. */
const called = async (
  command: CommandDefinition,
  collected: Readonly<Record<string, unknown>>,
  args: readonly string[] = [],
) => {
  let [stdout, stderr] = ['', '']
  const out = outputTo(
    {
      stdout: { write: (text: string) => (stdout += text), columns: 100 },
      stderr: { write: (text: string) => (stderr += text), columns: 100 },
    },
    at('result.json'),
  )
  const exitCode = await command.run({
    flags: readFlags(command.flags, collected),
    arguments: args,
    seed: undefined,
    out,
  })
  return { exitCode, stdout, stderr, json: JSON.parse(readFileSync(at('result.json'), 'utf8')) as unknown }
}

const table = (name: string, key: string, n: number, shift = 0): string => {
  const rng = stream(2, key)
  const lines = Array.from(
    { length: n },
    (_, i) => `${i},${(rng.normal() + shift).toFixed(4)},${rng.uniform() < 0.5 ? 'a' : 'b'}`,
  )
  writeFileSync(at(name), `id,x,y\n${lines.join('\n')}\n`)
  return at(name)
}

describe('bartizan data compare', () => {
  const reference = () => table('reference.csv', 'a', 1000)

  it('exits with 0 where nothing differs, and writes what its schema says', async () => {
    const { exitCode, stdout, json } = await called(dataCompare, {
      reference: reference(),
      current: table('same.csv', 'b', 1000),
      target: 'y',
    })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('PASSED')
    expect(comparisonSchema.parse(json)).toEqual(json)
  })

  it('exits with 1 where something differs, names it and shows the bins', async () => {
    const { exitCode, stdout, json } = await called(dataCompare, {
      reference: reference(),
      current: table('moved.csv', 'b', 1000, 1),
      target: 'y',
    })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/failed +x\.distribution/)
    expect(stdout).toMatch(/up to -?[\d.]+ +100 +\d+/)
    expect(comparisonSchema.parse(json).verdict).toBe('failed')
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  it('exits with 1 where too few rows could decide anything', async () => {
    writeFileSync(at('empty.csv'), 'x\n')
    writeFileSync(at('nothing.csv'), 'x\n')
    const { exitCode, stdout } = await called(dataCompare, { reference: at('empty.csv'), current: at('nothing.csv') })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('INCONCLUSIVE')
    const few = await called(dataCompare, { reference: table('few.csv', 'a', 20), current: table('few2.csv', 'b', 20) })
    expect([few.exitCode, few.stdout]).toEqual([1, expect.stringContaining('INCONCLUSIVE')])
  })

  it('looks for leakage and duplicates where it is asked to', async () => {
    const current = table('leaky.csv', 'a', 1000)
    const { exitCode, json } = await called(dataCompare, {
      reference: reference(),
      current,
      target: 'y',
      ignore: 'id',
      leakage: true,
      duplicates: true,
    })
    const result = comparisonSchema.parse(json)
    expect(exitCode).toBe(1)
    expect(result.leakage?.overlap.rows).toBe(1000)
    expect(result.duplicates?.exact.rows).toBeDefined()
    expect(result.checks.find(({ id }) => id === 'rows.leakage')?.verdict).toBe('failed')
  })
})

describe('bartizan data images', () => {
  const waves = (count: number) =>
    Float32Array.from({ length: count * 256 }, (_, i) => {
      const [image, y, x] = [i >> 8, (i >> 4) & 15, i & 15]
      return Math.sin((x * (2 + (image % 4))) / 4 + image) * Math.cos((y * (1 + (image % 3))) / 4 + image * image)
    })

  it('exits with 0 or 1, and writes what its schema says', async () => {
    const data = waves(12)
    await writeNpy(at('good.npy'), { dtype: 'float32', shape: [12, 16, 16], data })
    const good = await called(dataImages, { size: '16x16', channels: '1' }, [at('good.npy')])
    expect([good.exitCode, good.stdout]).toEqual([0, expect.stringContaining('PASSED')])
    expect(imagesCheckSchema.parse(good.json)).toEqual(good.json)
    data.fill(0, 256, 512)
    await writeNpy(at('bad.npy'), { dtype: 'float32', shape: [12, 16, 16], data })
    const bad = await called(dataImages, { against: at('good.npy') }, [at('bad.npy')])
    expect(bad.exitCode).toBe(1)
    expect(bad.stdout).toContain('images.blank')
    expect(bad.stdout).toContain('images.leakage')
  })

  it('refuses a size of three sides', async () => {
    await failure('USAGE', () => called(dataImages, { size: '3x16x16' }, [at('good.npy')]))
  })
})
