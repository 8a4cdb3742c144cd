import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openData, writeNpz } from '../src/data/index.ts'
import { readModel } from '../src/onnx/read.ts'
import { median } from '../src/stats/index.ts'
import { measured, pinnedToOneCore } from './process.ts'

/**
 * Bartizan beside its peers, each on one core, in turn, so that a machine whose speed drifts slows both. Needs
 * /usr/bin/python3 with torch; ART and AutoAttack on PYTHONPATH. Arguments: names of comparisons, all without.
 */
interface Comparison {
  readonly name: string
  readonly model: 'mnist-cnn' | 'fashion-resnet'
  readonly peer: 'torch-pgd' | 'art-pgd' | 'autoattack'
  readonly attack: string
  readonly epsilon: number
  readonly rows: number
  readonly rounds: number
  readonly parameters: Readonly<Record<string, number | boolean>>
}

const allSteps = { 'random-start': false, 'early-stop': false }
const comparisons: readonly Comparison[] = (['mnist-cnn', 'fashion-resnet'] as const).flatMap((model) => {
  const epsilon = model === 'mnist-cnn' ? 0.1 : 0.05
  const pgd = { model, attack: 'pgd', epsilon, rows: 256, rounds: 3 }
  const parameters = { ...allSteps, 'step-size': epsilon / 10 }
  return [
    { ...pgd, name: `${model} torch`, peer: 'torch-pgd' as const, parameters },
    {
      ...pgd,
      name: `${model} torch early-stop`,
      peer: 'torch-pgd' as const,
      parameters: { ...parameters, 'early-stop': true },
    },
    { ...pgd, name: `${model} art`, peer: 'art-pgd' as const, parameters },
  ]
})
const autoattack: Comparison = {
  name: 'autoattack',
  model: 'mnist-cnn',
  peer: 'autoattack',
  attack: 'autoattack',
  epsilon: 0.1,
  rows: Number(process.env.ROWS ?? 256),
  rounds: 1,
  parameters: {},
}

const folder = mkdtempSync(join(tmpdir(), 'bartizan-bench-'))
const measure = (command: readonly string[]) => measured([...pinnedToOneCore, ...command])

const modelPath = (model: string): string => `test/fixtures/models/${model}.onnx`

/** Rows and weights where both sides can read them. */
const prepare = async ({ model, rows }: Comparison): Promise<{ rows: string; weights: string }> => {
  const paths = { rows: join(folder, `${model}-${rows}.npz`), weights: join(folder, `${model}-weights.npz`) }
  const set =
    model === 'mnist-cnn'
      ? await openData({
          path: 'examples/digits/images-idx3-ubyte',
          labels: 'examples/digits/labels-idx1-ubyte',
          scale: 1 / 255,
        })
      : await openData({
          path: process.env.FASHION_IMAGES ?? '',
          labels: process.env.FASHION_LABELS ?? '',
          scale: 1 / 255,
        })
  const { x, y } = await set.read(0, rows)
  await set.close()
  await writeNpz(paths.rows, {
    x: { dtype: 'float32', shape: [rows, 1, 28, 28], data: x as Float32Array },
    y: { dtype: 'int64', shape: [rows], data: BigInt64Array.from(y!, BigInt) },
  })
  const { graph } = readModel(readFileSync(modelPath(model)))
  const weights = [...graph.initializers].filter(([, { dtype }]) => dtype === 'float32')
  await writeNpz(
    paths.weights,
    Object.fromEntries(
      weights.map(([name, { dims, data }]) => [
        name,
        { dtype: 'float32' as const, shape: dims, data: data as Float32Array },
      ]),
    ),
  )
  return paths
}

const chosen = process.argv.slice(2)
const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
print('comparison                     ours s  peer s  ratio (each round)          robust ours / peer')
for (const comparison of [...comparisons, autoattack].filter(
  ({ name }) => chosen.length === 0 || chosen.includes(name),
)) {
  const { rows, weights } = await prepare(comparison)
  const { model, epsilon, attack, parameters, peer, rounds } = comparison
  const results = Array.from({ length: rounds }, () => ({
    ours: measure([
      process.execPath,
      '--import',
      'tsx',
      'bench/ours.ts',
      attack,
      modelPath(model),
      rows,
      String(epsilon),
      JSON.stringify(parameters),
    ]),
    theirs: measure(['/usr/bin/python3', 'bench/peers/peers.py', peer, model, weights, rows, String(epsilon)]),
  }))
  const ratios = results.map(({ ours, theirs }) => theirs.seconds! / ours.seconds!)
  print(
    [
      comparison.name.padEnd(30),
      median(results.map(({ ours }) => ours.seconds!))
        .toFixed(2)
        .padStart(6),
      median(results.map(({ theirs }) => theirs.seconds!))
        .toFixed(2)
        .padStart(7),
      `${median(ratios).toFixed(2).padStart(6)} (${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`.padEnd(40),
      `${results[0]!.ours.robust!.toFixed(4)} / ${results[0]!.theirs.robust!.toFixed(4)}`,
    ].join('  '),
  )
}
