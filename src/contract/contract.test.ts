import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { configSchema, figureSchema, gateSchema, probeSchema } from './index.ts'

describe('index.ts', () => {
  it('exports every file of the folder', () => {
    const folder = new URL('.', import.meta.url)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /^(?!.*\.test|index).*\.ts$/.test(file),
    )
    const index = readFileSync(new URL('index.ts', folder), 'utf8')
    expect([...index.matchAll(/'\.\/(.*)'/g)].map(([, file]) => file).sort()).toEqual(files.sort())
  })
})

describe('figureSchema', () => {
  it.each([
    [{ value: 0.5, low: 0.4, high: 0.6, n: 10 }, true],
    [{ value: 0.3, low: 0.4, high: 0.6, n: 10 }, false],
    [{ value: 0.5, low: 0.4, high: 0.6, n: 1.5 }, false],
    [{ value: Number.NaN, low: 0, high: 1, n: 1 }, false],
    [{ value: 0.5, low: 0.4, high: 0.6 }, false],
  ])('%j: %s', (figure, accepted) => {
    expect(figureSchema.safeParse(figure).success).toBe(accepted)
  })
})

describe('probeSchema', () => {
  const probe = { id: 'a', class: 'evasion', attack: 'pgd', params: {}, flags: [], worst: [] }

  it('asks a probe that was not run for its reason', () => {
    expect(probeSchema.safeParse({ ...probe, status: 'not run' }).success).toBe(false)
    expect(probeSchema.safeParse({ ...probe, status: 'not run', reason: 'no labels' }).success).toBe(true)
  })
})

describe('gateSchema', () => {
  it('does not let a gate pass that was not measured', () => {
    const gate = { id: 'a', metric: 'flags', measured: null, required: { atMost: 0, judgeBy: 'value' } }
    expect(gateSchema.safeParse({ ...gate, passed: true }).success).toBe(false)
    expect(gateSchema.safeParse({ ...gate, passed: false }).success).toBe(true)
  })
})

describe('configSchema', () => {
  it('is idempotent on what it gives, so that a checked configuration can be checked again', () => {
    const config = configSchema.parse({
      model: { path: 'm' },
      data: { path: 'd' },
      threat: { norms: [{ norm: 'l2', epsilon: '1/2' }] },
    })
    expect(configSchema.parse(config)).toEqual(config)
  })
})
