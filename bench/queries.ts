import { attacks } from '../src/attacks/index.ts'
import { openData, tableColumns } from '../src/data/index.ts'
import { openClassifier } from '../src/models/classifier.ts'
import type { Norm } from '../src/threat/norm.ts'
import { runAttack } from '../src/threat/runner.ts'
import { targetOf } from '../src/threat/target.ts'

/**
 * What query attacks cost beside the bare forward passes that they ask for, one thread: the time of the attack over the
 * time of as many rows through the same session, 4096 at a time.
 */
const measure = async (name: string, path: string, norm: Norm, epsilon: number, rows: number, queries: number) => {
  const isTable = path.includes('breast')
  const set = isTable
    ? await openData({
        path: 'test/fixtures/data/breast-cancer.csv',
        label: 'target',
        columns: await features(),
        rows: { from: 0, to: rows },
      })
    : await openData({
        path: 'examples/digits/images-idx3-ubyte',
        labels: 'examples/digits/labels-idx1-ubyte',
        scale: 1 / 255,
        rows: { from: 0, to: rows },
      })
  const model = await openClassifier(path)
  const { x, y } = await set.read(0, rows)
  const request = {
    attack: attacks.get(name)!,
    model,
    x: x as Float32Array,
    labels: y!,
    norm,
    epsilon,
    low: 0,
    high: isTable ? 5000 : 1,
    parameters: { queries },
  }
  await runAttack({ ...request, parameters: { queries: 200 } })
  const start = performance.now()
  const { queries: spent, distances, broken } = await runAttack(request)
  const attack = (performance.now() - start) / 1000
  const target = targetOf(model, 'scores')
  const block = new Float32Array(4096 * model.size)
  for (let i = 0; i < 4096; i++)
    block.set((x as Float32Array).subarray((i % rows) * model.size, ((i % rows) + 1) * model.size), i * model.size)
  await target.logits(block, 4096)
  const bareStart = performance.now()
  let left = spent.forward
  for (; left > 0; left -= 4096)
    await target.logits(left >= 4096 ? block : block.slice(0, left * model.size), Math.min(left, 4096))
  const bare = (performance.now() - bareStart) / 1000
  const turned = [...distances].filter((_, row) => broken[row]).sort((a, b) => a - b)
  const median = turned.length > 0 ? turned[Math.floor(turned.length / 2)]!.toFixed(3) : '-'
  process.stdout.write(
    `${name.padEnd(12)} ${path.split('/').at(-1)!.padEnd(28)} ${norm}  rows ${rows}  queries/row ${Math.round(spent.forward / rows)}  attack ${attack.toFixed(2)} s  bare ${bare.toFixed(2)} s  ratio ${(attack / bare).toFixed(2)}  median ${median}\n`,
  )
  await model.release()
  await set.close()
}

const features = async (): Promise<string[]> => {
  const columns = await tableColumns('test/fixtures/data/breast-cancer.csv')
  return (columns ?? []).map(({ name }) => name).filter((name) => name !== 'target' && name !== 'split')
}

const digits = 'examples/digits/digits.onnx'
await measure('square', digits, 'linf', 0.1, 64, 1000)
await measure('hopskipjump', digits, 'l2', Number.POSITIVE_INFINITY, 32, 6400)
for (const model of ['mlp', 'gbdt', 'forest', 'logreg'])
  await measure(
    'hopskipjump',
    `test/fixtures/models/breast-cancer-${model}.onnx`,
    'l2',
    Number.POSITIVE_INFINITY,
    64,
    3300,
  )
