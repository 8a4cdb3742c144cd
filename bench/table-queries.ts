import { readFileSync } from 'node:fs'
import { attacks } from '../src/attacks/index.ts'
import type { AttackedModel } from '../src/models/attacked-model.ts'
import { openClassifier } from '../src/models/classifier.ts'
import { median } from '../src/stats/index.ts'
import type { AnyAttack } from '../src/threat/attack.ts'
import { constraintsFrom } from '../src/threat/constraints/from-rules.ts'
import { runAttack } from '../src/threat/runner.ts'
import { targetOf } from '../src/threat/target.ts'

/**
 * What every query attack costs on the table models of test/fixtures, in processor time, beside the bare forward passes
 * that it asks for: as it asks (the same calls), and the same number of rows 4096 at a time. Features from 0 to 1;
 * `constrained` keeps whole twentieths in a third of the features, and the worst size of a cell above the mean one.
 */
const [, ...lines] = readFileSync(new URL('../test/fixtures/data/breast-cancer.csv', import.meta.url), 'utf8')
  .trim()
  .split(/\r?\n/)
const cells = lines.map((line) => line.split(',').slice(0, 31).map(Number))
const size = 30
const features = Array.from({ length: size }, (_, at) => at)
const ranges = features.map((at) => {
  const values = cells.map((row) => row[at]!)
  return { low: Math.min(...values), width: Math.max(...values) - Math.min(...values) }
})
const isTest = (row: number): boolean => lines[row]!.endsWith(',test')

const isWhole = (at: number): boolean => at % 3 === 1
const constraints = constraintsFrom({
  features: features.map((at) => ({
    ...{ name: `columns[${at}]`, change: 'any', low: -1, high: 1 },
    ...(isWhole(at) && { step: 0.05 }),
  })),
  groups: [],
  relations: [0, 6].map((at, i) => ({
    name: `relations[${i}]`,
    terms: [
      { feature: 20 + at, factor: 1 },
      { feature: at, factor: -1 },
    ],
    low: -0.5,
    high: 9,
  })),
  unit: new Float64Array(size).fill(1),
})

const seconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** The model, noting how many rows each call had. */
const watched = (model: AttackedModel, calls: number[]): AttackedModel => ({
  ...model,
  async program(spec) {
    const program = await model.program(spec)
    return {
      ...program,
      run(rows, data) {
        calls.push(rows)
        return program.run(rows, data)
      },
    }
  },
})

const bare = async (model: AttackedModel, x: Float32Array, calls: readonly number[]): Promise<number> => {
  const target = targetOf(model, 'scores')
  const block = new Float32Array(Math.max(1, ...calls) * size).map((_, i) => x[i % x.length]!)
  const before = seconds()
  for (const rows of calls) await target.logits(block.subarray(0, rows * size), rows)
  return seconds() - before
}

const measure = async (attack: AnyAttack, model: AttackedModel, x: Float32Array, labels: Int32Array, kept: boolean) => {
  const calls: number[] = []
  const request = {
    ...{ attack, model: watched(model, calls), x, labels, low: 0, high: 1, parameters: { queries: 3300 } },
    norm: attack.norms.includes('l2') ? ('l2' as const) : attack.norms[0]!,
    epsilon: attack.minimal ? 30 : 0.05,
    ...(kept && { constraints }),
  }
  await runAttack({ ...request, parameters: { queries: 300 } })
  calls.length = 0
  const before = seconds()
  const { distances, broken, queries } = await runAttack(request)
  const spent = seconds() - before
  const total = calls.reduce((sum, rows) => sum + rows, 0)
  const asked = await bare(model, x, calls)
  const large = await bare(
    model,
    x,
    Array.from({ length: Math.ceil(total / 4096) }, () => 4096),
  )
  const found = [...distances].filter((_, row) => broken[row])
  return [
    ...[(queries.forward / labels.length).toFixed(0), found.length, found.length > 0 ? median(found).toFixed(4) : ''],
    ...[spent.toFixed(2), asked.toFixed(2), large.toFixed(2), (spent / asked).toFixed(2), (spent / large).toFixed(1)],
  ]
}

/** Prints one line a model and attack. */
export const queryCosts = async (say: (line: string) => void, only: string, rows: number): Promise<void> => {
  say(
    'model | attack | constrained | queries a row | broken | median | s | bare, as asked | bare, 4096 | ratio | ratio',
  )
  const chosen = cells.filter((_, row) => isTest(row)).slice(0, rows)
  const share = (row: readonly number[], at: number): number => (row[at]! - ranges[at]!.low) / ranges[at]!.width
  const scaled = chosen.flatMap((row) => features.map((at) => Math.min(Math.max(share(row, at), 0), 1)))
  const whole = scaled.map((value, i) => (isWhole(i % size) ? Math.fround(Math.round(value * 20) * 0.05) : value))
  const preprocessing = {
    mean: ranges.map(({ low, width }) => -low / width),
    std: ranges.map(({ width }) => 1 / width),
  }
  for (const name of ['mlp', 'gbdt', 'forest', 'logreg']) {
    const path = new URL(`../test/fixtures/models/breast-cancer-${name}.onnx`, import.meta.url).pathname
    const model = await openClassifier(path, { preprocessing })
    for (const attack of attacks.values())
      for (const kept of [false, true]) {
        const asks = attack.access === 'scores' || attack.access === 'labels'
        if (!asks || attack.domain?.endsWith('images') || !`${name} ${attack.id}`.includes(only)) continue
        const x = Float32Array.from(kept ? whole : scaled)
        const labels = Int32Array.from(chosen, (row) => row[size]!)
        say([name, attack.id, kept ? 'yes' : 'no', ...(await measure(attack, model, x, labels, kept))].join(' | '))
      }
    await model.release()
  }
}
