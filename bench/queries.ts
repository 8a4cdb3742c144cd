import { boundary } from '../src/attacks/evasion/labels/boundary.ts'
import { hopskipjump } from '../src/attacks/evasion/labels/hopskipjump.ts'
import { surfree } from '../src/attacks/evasion/labels/surfree.ts'
import { nes } from '../src/attacks/evasion/scores/nes.ts'
import { simba } from '../src/attacks/evasion/scores/simba.ts'
import { spsa } from '../src/attacks/evasion/scores/spsa.ts'
import { square } from '../src/attacks/evasion/scores/square.ts'
import { zoo } from '../src/attacks/evasion/scores/zoo.ts'
import { openData } from '../src/data/index.ts'
import type { AttackedModel } from '../src/models/attacked-model.ts'
import { openClassifier } from '../src/models/classifier.ts'
import type { Program } from '../src/models/program.ts'
import type { AnyAttack } from '../src/threat/attack.ts'
import type { Norm } from '../src/threat/norm.ts'
import type { AnyParameters } from '../src/threat/parameters.ts'
import { runAttack } from '../src/threat/runner.ts'
import { targetOf } from '../src/threat/target.ts'

/**
 * What query attacks cost beside the bare forward passes that they ask for, in processor time on one thread. Every pass
 * that the attack asks for is run once more, on clean rows, and that alone counts as bare: as many rows in the same
 * batches. It is done every few thousand rows, in turn with the attack, so that both meet the same load. The last
 * figure is the attack over as many rows in full batches, which an attack whose rows leave it one by one can't ask for.
 *
 * `npx tsx bench/queries.ts [name…]`: the cases whose names begin so; default: all.
 */
interface Case {
  readonly name: string
  readonly attack: AnyAttack
  readonly norm: Norm
  readonly epsilon: number
  readonly queries: number
  readonly parameters?: AnyParameters
}

const none = Number.POSITIVE_INFINITY
const cases: readonly Case[] = [
  { name: 'square-linf', attack: square, norm: 'linf', epsilon: 0.1, queries: 800 },
  { name: 'square-l2', attack: square, norm: 'l2', epsilon: 1.5, queries: 800 },
  { name: 'simba-pixel', attack: simba, norm: 'l2', epsilon: 1.5, queries: 800 },
  {
    ...{ name: 'simba-dct', attack: simba, norm: 'l2', epsilon: 1.5, queries: 800 },
    parameters: { basis: 'cosines' },
  },
  { name: 'nes-linf', attack: nes, norm: 'linf', epsilon: 0.1, queries: 800 },
  { name: 'spsa-linf', attack: spsa, norm: 'linf', epsilon: 0.1, queries: 800 },
  { name: 'zoo', attack: zoo, norm: 'l2', epsilon: none, queries: 1100 },
  { name: 'boundary', attack: boundary, norm: 'l2', epsilon: none, queries: 2000 },
  { name: 'hopskipjump', attack: hopskipjump, norm: 'l2', epsilon: none, queries: 2000 },
  { name: 'surfree', attack: surfree, norm: 'l2', epsilon: none, queries: 2000 },
]
const rows = 64
const warmUp = 120

interface Cost {
  readonly processor: number
  readonly wall: number
}

const cost = async (work: () => Promise<unknown>): Promise<Cost> => {
  const [before, start] = [process.cpuUsage(), performance.now()]
  await work()
  const { user, system } = process.cpuUsage(before)
  return { processor: (user + system) / 1e6, wall: (performance.now() - start) / 1e3 }
}

const set = await openData({
  path: 'examples/digits/images-idx3-ubyte',
  labels: 'examples/digits/labels-idx1-ubyte',
  scale: 1 / 255,
  rows: { from: 0, to: rows },
})
const { x, y } = await set.read(0, rows)
await set.close()
const digits = await openClassifier('examples/digits/digits.onnx')
const full = Float32Array.from({ length: 4096 * digits.size }, (_, i) => (x as Float32Array)[i % x.length]!)
const fullBatches = async (): Promise<Cost> => cost(() => targetOf(digits, 'scores').logits(full, 4096))
await fullBatches()

/** Rows after which what was asked for is run once more: asking for the processor time is not cheap itself. */
const rowsAtOnce = 4096

/** The model, and what the passes that are asked of it cost by themselves. */
const watched = (model: AttackedModel) => {
  const bare = { processor: 0, wall: 0, rows: 0, calls: 0 }
  let asked: number[] = []
  let waiting = 0
  let program: Program | undefined
  const again = async (): Promise<void> => {
    const { processor, wall } = await cost(async () => {
      for (const count of asked) await program!.run(count, { x: full.subarray(0, count * model.size) })
    })
    bare.processor += processor
    bare.wall += wall
    bare.rows += waiting
    bare.calls += asked.length
    asked = []
    waiting = 0
  }
  const one = (opened: Program): Program => ({
    ...opened,
    async run(count, data) {
      const results = await opened.run(count, data)
      program = opened
      asked.push(count)
      waiting += count
      if (waiting >= rowsAtOnce) await again()
      return results
    },
  })
  return {
    ...{ bare, again },
    model: { ...model, program: async (spec) => one(await model.program(spec)) } satisfies AttackedModel,
  }
}

const measure = async ({ name, attack, norm, epsilon, queries, parameters }: Case): Promise<void> => {
  const run = (model: AttackedModel, most: number) =>
    runAttack({
      ...{ attack, model, x: x as Float32Array, labels: y! },
      ...{ norm, epsilon, low: 0, high: 1, parameters: { ...parameters, queries: most } },
    })
  await run(digits, warmUp)
  const { bare, again, model } = watched(digits)
  const before = await fullBatches()
  let outcome: Awaited<ReturnType<typeof runAttack>> | undefined
  const both = await cost(async () => {
    outcome = await run(model, queries)
    await again()
  })
  const after = await fullBatches()
  const [processor, wall] = [both.processor - bare.processor, both.wall - bare.wall]
  const whole = ((before.processor + after.processor) / 8192) * bare.rows
  const { broken, distances } = outcome!
  const turned = [...distances].filter((_, row) => broken[row]).sort((a, b) => a - b)
  const figures = [
    `${name.padEnd(12)} ${norm.padEnd(4)} rows ${rows}  queries/row ${Math.round(bare.rows / rows)}`,
    `rows/call ${(bare.rows / bare.calls).toFixed(1)}`,
    `attack ${processor.toFixed(2)} s (wall ${wall.toFixed(2)})`,
    `bare ${bare.processor.toFixed(2)} s (wall ${bare.wall.toFixed(2)})`,
    `ratio ${(processor / bare.processor).toFixed(3)} (wall ${(wall / bare.wall).toFixed(3)})`,
    `own µs/query ${((1e6 * (processor - bare.processor)) / bare.rows).toFixed(1)}`,
    `full batches ${(processor / whole).toFixed(3)}`,
    `broken ${turned.length}  median ${turned[Math.floor(turned.length / 2)]?.toFixed(3) ?? '-'}`,
  ]
  process.stdout.write(`${figures.join('  ')}\n`)
}

const wanted = process.argv.slice(2)
for (const one of cases)
  if (wanted.length === 0 || wanted.some((start) => one.name.startsWith(start))) await measure(one)
await digits.release()
