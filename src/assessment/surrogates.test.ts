import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openClassifier } from '../models/classifier.ts'
import { openSurrogates } from './surrogates.ts'

const file = (name: string): string =>
  fileURLToPath(new URL(`../../test/fixtures/models/${name}.onnx`, import.meta.url))

describe('surrogates', async () => {
  const table = await openClassifier(file('breast-cancer-mlp'))

  it('are opened in order', async () => {
    const digits = await openClassifier(file('mnist-cnn'))
    const paths = [file('mnist-overfit'), file('mnist-cnn-at')]
    const opened = await openSurrogates(paths, digits, {})
    expect(opened.map(({ path }) => path)).toEqual(paths)
    for (const { release } of opened) await release()
  })

  it.each([
    ['take other rows', 'mnist-cnn', 'MODEL_UNSUPPORTED', /takes rows of \[1,28,28\] and knows 10 classes; .* \[30\]/],
    ['have no gradients', 'breast-cancer-gbdt', 'GRAPH_OP_UNSUPPORTED', /breast-cancer-gbdt\.onnx has no gradients/],
    ['are not there', 'nowhere', 'FILE_NOT_FOUND', /nowhere\.onnx/],
  ])('are refused where they %s', async (_, name, code, message) => {
    const error = await openSurrogates([file('breast-cancer-mlp'), file(name)], table, {}).catch((e: unknown) => e)
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
  })
})
