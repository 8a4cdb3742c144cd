import { type AttributeInput, attributesFrom, float } from '../../onnx/attributes.ts'
import { ownDomain, ownVersion } from '../../onnx/straight-through.ts'
import type { Attributes, Graph, LocalFunction, Node, Tensor } from '../../onnx/types.ts'
import type { AnyParameters } from '../../threat/parameters.ts'

/** `random-resize-pad` as `RandomResizePad`. */
export const functionName = (id: string): string =>
  id.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** A graph as a function of the model: what it holds as weights becomes Constant nodes. */
export const functionOf = (
  graph: Graph,
  name: string,
  attributes: readonly string[],
  opset: number,
): LocalFunction => ({
  name,
  domain: ownDomain,
  inputs: graph.inputs.map((input) => input.name),
  outputs: graph.outputs.map((output) => output.name),
  attributes,
  attributeDefaults: {},
  opsets: { '': opset, [ownDomain]: ownVersion },
  nodes: [...[...graph.initializers].map(([output, value]) => constantNode(output, value)), ...graph.nodes],
})

const constantNode = (output: string, value: Tensor): Node => ({
  name: output,
  op: 'Constant',
  domain: '',
  inputs: [],
  outputs: [output],
  attributes: { value: { type: 'tensor', value } },
})

/** Parameters as attributes of the call, for whoever looks at the file: the function has them built in. */
export const parameterAttributes = (parameters: AnyParameters): Attributes =>
  attributesFrom(
    Object.fromEntries(
      Object.entries(parameters).map(([key, value]): readonly [string, AttributeInput] => [
        key.replaceAll('-', '_'),
        typeof value === 'string' ? value : float(Number(value)),
      ]),
    ),
  )
