import { BartizanError } from '../base/errors.ts'
import { inferShapes } from '../onnx/shapes/infer.ts'
import type { Graph } from '../onnx/types.ts'

/** No value of a classifier has so many elements a row; one that claims them would be allocated before anything runs. */
const mostElements = 2 ** 31

/** Throws MODEL_UNSAFE where a value of the graph, for a batch of one row, would not fit any sensible memory. */
export const refuseHugeValues = (graph: Graph): void => {
  for (const [name, { dims }] of inferShapes(graph)) {
    const size = (dims ?? []).reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : 1), 1)
    if (size > mostElements)
      throw new BartizanError('MODEL_UNSAFE', `value "${name}" of the model would have ${size} elements: [${dims}]`, {
        hint: 'a small file that asks for huge values is broken or hostile',
        data: { value: name, size },
      })
  }
}
