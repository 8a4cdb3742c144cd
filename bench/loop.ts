import { openData } from '../src/data/index.ts'
import { openClassifier } from '../src/models/classifier.ts'
import type { GraphBuilder } from '../src/onnx/builder.ts'
import { crossEntropy } from '../src/onnx/losses.ts'
import { liveNodes } from '../src/onnx/rewrite/live-nodes.ts'
import { createSession, modelOf } from '../src/onnx/session.ts'
import { tensor } from '../src/onnx/tensor.ts'
import type { Graph } from '../src/onnx/types.ts'
import { clip, project, steepest } from '../src/threat/geometry.ts'

/** Forty PGD steps as forty runs of the step's graph, and as one run of an ONNX Loop around it: seconds for 256 rows. */
const rows = 64
const set = await openData({
  path: 'examples/digits/images-idx3-ubyte',
  labels: 'examples/digits/labels-idx1-ubyte',
  scale: 1 / 255,
})
const { x, y } = await set.read(0, rows)
const model = await openClassifier('examples/digits/digits.onnx')
let built: GraphBuilder | undefined
await model.program({
  key: 'step',
  inputs: { x0: { dtype: 'float32', dims: model.input.dims }, labels: { dtype: 'int64', dims: [] } },
  build: ({ g, x, logits, input, gradient }) => {
    built = g
    const moved = g.add(x, g.mul(steepest(g, 'linf', gradient(crossEntropy(g, logits, input('labels')))), 0.01))
    return { next: project(g, 'linf', clip(g, moved, 0, 1), input('x0'), 0.1) }
  },
})
const step = liveNodes(built!.build(['bz:out:next']))
const [input, x0, labels] = step.inputs as [Graph['inputs'][number], Graph['inputs'][number], Graph['inputs'][number]]
const body: Graph = {
  name: 'steps',
  nodes: [
    ...step.nodes,
    { name: 'go', op: 'Identity', domain: '', inputs: ['cond'], outputs: ['cond out'], attributes: {} },
  ],
  inputs: [{ name: 'iteration', dtype: 'int64', dims: [] }, { name: 'cond', dtype: 'bool', dims: [] }, input],
  outputs: [{ name: 'cond out', dtype: 'bool', dims: [] }, step.outputs[0]!],
  initializers: step.initializers,
}
const looped: Graph = {
  name: 'loop',
  nodes: [
    {
      name: 'loop',
      op: 'Loop',
      domain: '',
      inputs: ['steps', 'yes', 'start'],
      outputs: ['result'],
      attributes: { body: { type: 'graph', value: body } },
    },
  ],
  inputs: [{ ...input, name: 'start' }, x0, labels],
  outputs: [{ name: 'result', dtype: 'float32', dims: input.dims }],
  initializers: new Map([
    ['steps', tensor('int64', [], [40])],
    ['yes', tensor('bool', [], [1])],
  ]),
}
const [one, loop] = [await createSession(modelOf(step)), await createSession(modelOf(looped))]
const image = (data: unknown) => ({
  dtype: 'float32' as const,
  dims: [rows, ...model.input.dims],
  data: data as Float32Array,
})
const given = {
  [x0.name]: image(x),
  [labels.name]: { dtype: 'int64' as const, dims: [rows], data: BigInt64Array.from(y!, BigInt) },
}
const byRuns = async () => {
  let at: unknown = x
  for (let i = 0; i < 40; i++) at = (await one.run({ ...given, [input.name]: image(at) }))['bz:out:next']!.data
  return at as Float32Array
}
const byLoop = async () => (await loop.run({ ...given, start: image(x) })).result!.data as Float32Array
const seconds = async (run: () => Promise<Float32Array>): Promise<number> => {
  const start = performance.now()
  await run()
  return ((performance.now() - start) / 1000) * (256 / rows)
}
const [a, b] = [await byRuns(), await byLoop()]
const different = a.filter((value, i) => value !== b[i]).length
for (let round = 0; round < 5; round++)
  process.stdout.write(
    `runs ${(await seconds(byRuns)).toFixed(2)} s  loop ${(await seconds(byLoop)).toFixed(2)} s  elements that differ ${different}\n`,
  )
