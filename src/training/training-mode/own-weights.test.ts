import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { readModel } from '../../onnx/read.ts'
import { createSession } from '../../onnx/session.ts'
import type { Model } from '../../onnx/types.ts'
import { withOwnWeights } from './own-weights.ts'
import { classifier, normals } from './testing.ts'
import { trainingGraph } from './training-graph.ts'

const model = readModel(
  await readFile(new URL('../../../test/fixtures/models/fashion-resnet-bn.onnx', import.meta.url)),
)

const logits = async (of: Model) => {
  const session = await createSession(of)
  const { logits } = await session.run({ input: normals([2, 1, 28, 28], 'rows') })
  await session.release()
  return logits
}

it('gives a bias that two layers share in the file to each of them, and nothing else changes', async () => {
  const own = withOwnWeights(model)
  expect(own.graph.initializers.get('l2.sc.1.bias')).toEqual(model.graph.initializers.get('l2.b2.bias'))
  expect(own.graph.nodes.length).toBe(model.graph.nodes.length - 1)
  expect(await logits(own)).toEqual(await logits(model))
  const { trainable, statistics, notes } = trainingGraph(await classifier(own))
  expect(trainable.length).toBe(26)
  expect(trainable).toContain('l2.sc.1.bias')
  expect(statistics.length).toBe(16)
  expect(notes).toEqual([])
})

it('leaves a result that is handed on', () => {
  const { graph } = model
  const result = { name: 'l2.sc.1.bias', dtype: 'float32', dims: [32] } as const
  const shown: Model = { ...model, graph: { ...graph, outputs: [...graph.outputs, result] } }
  expect(withOwnWeights(shown).graph.nodes.length).toBe(graph.nodes.length)
})

it('a network whose batch normalisation was folded says so', async () => {
  const folded = readModel(
    await readFile(new URL('../../../test/fixtures/models/fashion-resnet.onnx', import.meta.url)),
  )
  expect(trainingGraph(await classifier(folded)).notes).toEqual([expect.stringContaining('folded')])
})
