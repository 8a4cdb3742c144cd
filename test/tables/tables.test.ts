import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/assessment/config/index.ts'
import { configuredFeatures } from '../../src/assessment/features/index.ts'
import { evasionProbes } from '../../src/assessment/report/probes-of.ts'
import { openSubject } from '../../src/assessment/subject.ts'
import { scratchFolders } from '../../src/base/testing.ts'
import { readNpy } from '../../src/data/index.ts'
import { bartizan, reportIn } from '../assess/project.ts'
import { fixture } from '../support/fixtures.ts'

const newFolder = scratchFolders()
const [header = '', ...lines] = readFileSync(fixture('data/breast-cancer.csv'), 'utf8').trim().split(/\r?\n/)
const names = header.split(',').slice(0, 30)
const column = (name: string): number => names.indexOf(name)

const features = `features:
  scale: range
  columns:
${names.map((name) => `    ${name}: {range: [0, ${/area/.test(name) ? 5000 : 300}]${name === 'mean_radius' ? ', change: none' : ''}}`).join('\n')}
  relations:
    - {terms: {worst_area: 1, mean_area: -1}, at-least: 0}
    - {terms: {mean_texture: 1}, at-least: 12}
`

/** The first rows that were not trained on, and a configuration with these features. */
const newProject = (section: string): string => {
  const folder = newFolder()
  cpSync(fixture('models/breast-cancer-mlp.onnx'), join(folder, 'mlp.onnx'))
  writeFileSync(
    join(folder, 'rows.csv'),
    [header, ...lines.filter((line) => line.endsWith(',test')).slice(0, 24)].join('\n'),
  )
  const config = [
    'model: {path: mlp.onnx, input: {range: [0, 5000]}}',
    `data: {path: rows.csv, label: target, columns: [${names.join(', ')}]}`,
    'threat: {norms: [{norm: linf, epsilon: 0.05}]}',
    'battery: [{attack: constrained-pgd}, {attack: pgd}, {attack: mixed, params: {queries: 150}}]',
    'out: report',
  ]
  writeFileSync(join(folder, 'bartizan.yaml'), `${config.join('\n')}\n${section}`)
  return folder
}

const clean = lines
  .filter((line) => line.endsWith(',test'))
  .slice(0, 24)
  .map((line) => line.split(',').slice(0, 30).map(Number))
const outside = clean.filter((row) => row[column('mean_texture')]! < 12).length

describe('a table with constraints', () => {
  let folder: string
  beforeAll(async () => {
    folder = newProject(features)
    const { code, stderr } = await bartizan(folder, ['assess', 'bartizan.yaml'])
    expect(stderr).not.toContain('error')
    expect(code).toBe(0)
  }, 60_000)

  it('is reported with its constraints, its units and the rows outside', () => {
    const { input, probes } = reportIn(folder)
    expect(input.constraints?.outside).toBe(outside)
    expect(outside).toBeGreaterThan(0)
    expect(input.constraints?.rules).toContain('mean_radius: does not change; 0 to 300')
    expect(input.units).toBe("changes count in each column's range")
    for (const { result } of probes) expect(result?.rows).toBe(24 - outside)
    const html = readFileSync(join(folder, 'report/report.html'), 'utf8')
    expect(html).toContain('mean_radius: does not change')
  })

  it('is attacked within them, as the saved rows show, and reproduced with the same features', async () => {
    const { reproduce = '', result } = evasionProbes(reportIn(folder)).find(
      ({ attack }) => attack === 'constrained-pgd',
    )!
    expect(reproduce).toContain('--features bartizan.yaml')
    const [, ...args] = reproduce.split(' ')
    const run = await bartizan(folder, [...args, '--save', 'found.npy', '--json', 'found.json'])
    expect(run.code).toBe(0)
    const found = JSON.parse(readFileSync(join(folder, 'found.json'), 'utf8'))
    expect(found.constraints.outside).toBe(outside)
    expect(found.units).toBe("changes count in each column's range")
    const { data } = await readNpy(join(folder, 'found.npy'))
    const robust = found.robustAccuracy
    expect(robust).toEqual(result?.robustAccuracy)
    let changed = 0
    for (const [row, before] of clean.entries()) {
      const after = names.map((_, at) => Number(data[row * 30 + at]))
      const ranges = names.map((name) => (/area/.test(name) ? 5000 : 300))
      if (after.some((value, at) => value !== Math.fround(before[at]!))) changed++
      expect(after[column('mean_radius')]).toBe(Math.fround(before[column('mean_radius')]!))
      if (before[column('mean_texture')]! < 12) {
        expect(after).toEqual(before.map(Math.fround))
        continue
      }
      expect(after[column('worst_area')]! - after[column('mean_area')]!).toBeGreaterThan(-0.01)
      expect(after[column('mean_texture')]).toBeGreaterThan(11.9999)
      for (const [at, value] of after.entries())
        expect(Math.abs(value - before[at]!) / ranges[at]!).toBeLessThanOrEqual(0.05001)
    }
    expect(changed).toBeGreaterThan(0)
  }, 60_000)
})

describe('constraints that can not be', () => {
  it.each([
    [
      'a column that is not there',
      features.replace('worst_area: 1', 'worst_aera: 1'),
      /bartizan\.yaml:\d+:\d+: there is no column "worst_aera"; did you mean "worst_area"/,
    ],
    [
      'what no clean row keeps',
      features.replace('at-least: 12', 'at-least: 299'),
      /bartizan\.yaml:\d+:\d+: no clean row keeps relations\[1\]: all 24 break it/,
    ],
    [
      'categories that no row has',
      features.replace('worst_texture: {range: [0, 300]}', 'worst_texture: {values: [1, 2]}'),
      /bartizan\.yaml:\d+:\d+: no clean row keeps columns\.worst_texture\.values: all 24 break it; the first has [\d.]+/,
    ],
    [
      'a contradiction',
      features.replace('{mean_texture: 1}, at-least: 12', '{mean_area: 1, worst_area: -1}, at-least: 1'),
      /bartizan\.yaml:\d+:\d+: this relation contradicts those before it/,
    ],
  ])('%s is told when the rows are opened, at its line', async (_, section, message) => {
    const { config, source } = await loadConfig(join(newProject(section), 'bartizan.yaml'))
    const opened = openSubject(config, 1, { root: '', resume: false }, configuredFeatures(config.features, source))
    await expect(opened).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) })
  })
})

describe('bartizan init', () => {
  it('proposes ranges and whole numbers as comments', async () => {
    const folder = newProject('')
    const args = [
      'init',
      'mlp.onnx',
      '--data',
      'rows.csv',
      '--label',
      'target',
      '--columns',
      names.join(','),
      '--out',
      'new.yaml',
    ]
    const { code } = await bartizan(folder, args)
    expect(code).toBe(0)
    const text = readFileSync(join(folder, 'new.yaml'), 'utf8')
    expect(text).toMatch(/^# features:$/m)
    expect(text).toMatch(/^# {5}mean_area: \{range: \[[\d.]+, [\d.]+\]\}$/m)
  }, 60_000)
})
