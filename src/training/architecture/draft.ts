import { BartizanError } from '../../base/errors.ts'
import { stream } from '../../base/random.ts'
import { type AttributeInput, attributesFrom } from '../../onnx/attributes.ts'
import type { Value } from '../../onnx/builder.ts'
import { inferNode, knownTensor } from '../../onnx/shapes/infer.ts'
import { sizeOf, tensor } from '../../onnx/tensor.ts'
import type { Node, Tensor } from '../../onnx/types.ts'

/** A model that grows by layers: nodes and weights under names like torch's (`conv1.weight`, `block1.bn2.bias`). */
export interface ModelDraft {
  /** What `dense classes` means; undefined where the caller didn't say. */
  readonly classes: number | undefined
  readonly nodes: readonly Node[]
  readonly initializers: ReadonlyMap<string, Tensor>
  /** A name nobody in this scope has yet: conv1, conv2, … */
  named(stem: string): string
  node(name: string, op: string, inputs: readonly Value[], attributes?: Readonly<Record<string, AttributeInput>>): Value
  /**
   * A weight drawn uniformly within ±1/√fanIn, torch's default for layers of weights (Kaiming uniform with a = √5) and
   * for their biases. Its values follow from the seed and its name alone.
   */
  drawn(name: string, dims: readonly number[], fanIn: number): Value
  filled(name: string, dims: readonly number[], value: number): Value
  /** The same model, in which names begin with that of a part of it, `block1.`. */
  scope(name: string): ModelDraft
}

/** 1 GiB of float32 in one weight: a slip of the pen, as a rule. */
const largestWeight = 2 ** 28

export const modelDraft = (seed: number, classes: number | undefined): ModelDraft => {
  const nodes: Node[] = []
  const initializers = new Map<string, Tensor>()
  const weight = (name: string, dims: readonly number[], values: (size: number) => ArrayLike<number>): Value => {
    const size = sizeOf(dims)
    if (size > largestWeight)
      throw new BartizanError('CONFIG_INVALID', `weight "${name}" would be [${dims}]: ${size} values`, {
        hint: `${largestWeight} are the most; pool before the dense layer, or make it narrower`,
      })
    const value = tensor('float32', dims, values(size))
    initializers.set(name, value)
    return { ...knownTensor(value), name }
  }
  const scoped = (prefix: string): ModelDraft => {
    const counts = new Map<string, number>()
    return {
      classes,
      nodes,
      initializers,
      named(stem) {
        const count = (counts.get(stem) ?? 0) + 1
        counts.set(stem, count)
        return `${prefix}${stem}${count}`
      },
      node(name, op, inputs, attributes = {}) {
        const node: Node = {
          name,
          op,
          domain: '',
          inputs: inputs.map((input) => input.name),
          outputs: [`${name}.output`],
          attributes: attributesFrom(attributes),
        }
        nodes.push(node)
        return { ...inferNode(node, inputs)[0]!, name: node.outputs[0]! }
      },
      drawn(name, dims, fanIn) {
        const random = stream(seed, 'initial weights', name)
        const bound = 1 / Math.sqrt(fanIn)
        return weight(name, dims, (size) =>
          Float32Array.from({ length: size }, () => bound * (2 * random.uniform() - 1)),
        )
      },
      filled: (name, dims, value) => weight(name, dims, (size) => new Float32Array(size).fill(value)),
      scope: (name) => scoped(`${name}.`),
    }
  }
  return scoped('')
}
