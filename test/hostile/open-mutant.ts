import { isBartizanError } from '../../src/base/errors.ts'
import { classifierFrom } from '../../src/models/classifier.ts'
import { readModel } from '../../src/onnx/read.ts'
import { targetOf } from '../../src/threat/target.ts'

/** What became of a mutant: opened and asked for one row, refused for a reason a reader can use, or anything else. */
export type Verdict = 'opened' | 'refused' | `unclear: ${string}`

const judge = async (bytes: Uint8Array): Promise<Verdict> => {
  try {
    const model = await classifierFrom(readModel(bytes), { path: 'mutant.onnx', sha256: '' })
    if (model.size > 1e6) return 'refused'
    await targetOf(model, 'scores').logits(new Float32Array(model.size), 1)
    await model.release()
    return 'opened'
  } catch (error) {
    if (isBartizanError(error) && error.code !== 'INTERNAL') return 'refused'
    return `unclear: ${(error as Error).stack ?? error}`
  }
}

process.on('message', async (bytes: Uint8Array) => {
  process.send!(await judge(bytes))
})
