import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { attackData } from '../src/assessment/attack-run.ts'
import { attackNamed } from '../src/assessment/battery.ts'
import { configFromFlags } from '../src/assessment/config/index.ts'
import { configuredFeatures } from '../src/assessment/features/index.ts'
import { openSubject } from '../src/assessment/subject.ts'
import type { ConfigInput, Norm } from '../src/contract/index.ts'
import type { AnyParameters } from '../src/threat/parameters.ts'
import { queryCosts } from './table-queries.ts'

/**
 * The table attacks on the breast-cancer models of test/fixtures, with and without constraints, on the first rows that
 * were not used in training: success, distance, queries and time; then what query attacks cost beside bare forward passes.
 * Run: npx tsx bench/tables.ts
 */
const root = new URL('../', import.meta.url).pathname
const csv = `${root}test/fixtures/data/breast-cancer.csv`
const [header = '', ...lines] = readFileSync(csv, 'utf8').trim().split(/\r?\n/)
const names = header.split(',').slice(0, 30)
const table = lines.map((line) => line.split(',').slice(0, 30).map(Number))

const ranges = names.map((_, at): [number, number] => {
  const values = table.map((row) => row[at]!)
  return [Math.min(...values), Math.max(...values)]
})

/** What tumours must keep to: no negative sizes, the worst cell no smaller than the mean one, some measured for good. */
const rules = {
  fixed: ['mean_radius', 'worst_radius', 'mean_fractal_dimension'],
  ordered: ['texture', 'perimeter', 'area', 'smoothness', 'concavity'],
}

const featuresFor = (constrained: boolean): ConfigInput['features'] => ({
  scale: 'range',
  columns: Object.fromEntries(
    names.map((name, at) => [
      name,
      {
        range: ranges[at]!,
        ...(constrained && rules.fixed.includes(name) && { change: 'none' as const }),
        ...(constrained && /^(mean|worst)_area$/.test(name) && { change: 'up' as const }),
      },
    ]),
  ),
  ...(constrained && {
    relations: rules.ordered.map((name) => ({ terms: { [`worst_${name}`]: 1, [`mean_${name}`]: -1 }, 'at-least': 0 })),
  }),
})

interface Run {
  readonly model: string
  readonly attack: string
  readonly norm: Norm
  readonly epsilon: number
  readonly parameters?: AnyParameters
}

const measure = async ({ model, attack, norm, epsilon, parameters }: Run, constrained: boolean, rows: number) => {
  const config = configFromFlags({
    model: { path: `${root}test/fixtures/models/breast-cancer-${model}.onnx`, input: { range: [0, 5000] } },
    data: { path: testRows, label: 'target', columns: names },
    features: featuresFor(constrained),
  })
  const subject = await openSubject(
    config,
    1,
    { root: '/tmp', resume: false },
    configuredFeatures(config.features, undefined),
  )
  try {
    const request = {
      ...subject,
      attack: attackNamed(attack),
      norm,
      epsilon,
      low: 0,
      high: 5000,
      rows,
      ...(parameters && { parameters }),
    }
    await attackData({ ...request, rows: 1 })
    const started = performance.now()
    const done = await attackData(request)
    const seconds = (performance.now() - started) / 1000
    const right = Math.round(done.cleanAccuracy.value * done.rows)
    const turned = right - Math.round(done.robustAccuracy.value * done.rows)
    const spent = done.perRow.brokenAfter.filter((queries) => queries > 0).sort((a, b) => a - b)
    return [
      model,
      attack,
      `${norm} ${epsilon}`,
      constrained ? 'yes' : 'no',
      `${turned}/${right}`,
      done.distance.median?.toFixed(4) ?? '',
      (done.queries.forward / right).toFixed(0),
      (done.queries.gradient / right).toFixed(0),
      spent[spent.length >> 1] ?? '',
      seconds.toFixed(2),
      String(done.refused),
    ].join(' | ')
  } finally {
    await subject.close()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'bartizan-tables-'))
const testRows = join(folder, 'rows.csv')
writeFileSync(testRows, [header, ...lines.filter((line) => line.endsWith(',test'))].join('\n'))

const { values } = parseArgs({ options: { only: { type: 'string' }, rows: { type: 'string', default: '64' } } })
const nets = ['mlp']
const all = ['mlp', 'gbdt', 'forest', 'logreg']
const runs: Run[] = [
  ...nets.flatMap((model): Run[] => [
    { model, attack: 'pgd', norm: 'l2', epsilon: 0.3 },
    { model, attack: 'constrained-pgd', norm: 'l2', epsilon: 0.3 },
    { model, attack: 'pgd', norm: 'linf', epsilon: 0.1 },
    { model, attack: 'constrained-pgd', norm: 'linf', epsilon: 0.1 },
    { model, attack: 'constrained-pgd', norm: 'l1', epsilon: 0.5 },
    { model, attack: 'constrained-pgd', norm: 'l0', epsilon: 3 },
    { model, attack: 'lowprofool', norm: 'l2', epsilon: 5 },
  ]),
  ...all.flatMap((model): Run[] => [
    { model, attack: 'hopskipjump', norm: 'l2', epsilon: 5, parameters: { queries: 3300 } },
    { model, attack: 'mixed', norm: 'l2', epsilon: 0.3 },
    { model, attack: 'square', norm: 'linf', epsilon: 0.1, parameters: { queries: 1000 } },
    { model, attack: 'mixed', norm: 'linf', epsilon: 0.1 },
    { model, attack: 'mixed', norm: 'l0', epsilon: 3 },
    { model, attack: 'mixed-labels', norm: 'l2', epsilon: 5, parameters: { queries: 3300 } },
  ]),
]
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
say(`load ${loadavg()[0]!.toFixed(1)}`)
say(
  'model | attack | budget | constraints | turned | median | forward a row | gradients a row | median queries to success | seconds | refused',
)
for (const run of runs.filter(({ model, attack }) => !values.only || `${model} ${attack}`.includes(values.only)))
  for (const constrained of [false, true]) say(await measure(run, constrained, Number(values.rows)))
rmSync(folder, { recursive: true })
await queryCosts(say, values.only ?? '', Number(values.rows))
