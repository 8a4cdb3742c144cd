import type { BinaryReader } from '@bufbuild/protobuf/wire'
import { BartizanError } from '../base/errors.ts'
import type { ReadExternal } from './external.ts'
import { decodeTensor } from './read-tensor.ts'
import { decodeValueInfo } from './read-value-info.ts'
import { corrupt, decodeText, fields, int64, nested, repeated } from './read-wire.ts'
import type { Attribute, Graph, Node, Tensor, ValueInfo } from './types.ts'

/** Graphs within graphs deeper than this are an attack on the stack, not a model. */
const maxDepth = 32

/** How tensors reach data outside the file, and how many graphs stand around this one. */
export interface Context {
  readonly external: ReadExternal
  readonly depth: number
}

/** A GraphProto: graphs hold nodes, nodes hold attributes, and an attribute may hold a graph again. */
export const decodeGraph = (r: BinaryReader, end: number, context: Context): Graph => {
  if (context.depth > maxDepth) throw corrupt(`graphs are nested more than ${maxDepth} deep`)
  let name = ''
  const nodes: Node[] = []
  const inputs: ValueInfo[] = []
  const outputs: ValueInfo[] = []
  const initializers = new Map<string, Tensor>()
  fields(r, end, {
    1: () => nodes.push(nested(r, (r, end) => decodeNode(r, end, context))),
    2: () => (name = r.string()),
    5: () => {
      const { name, value } = nested(r, (r, end) => decodeTensor(r, end, context.external))
      initializers.set(name, value)
    },
    11: () => inputs.push(nested(r, decodeValueInfo)),
    12: () => outputs.push(nested(r, decodeValueInfo)),
    15: () => {
      throw new BartizanError('MODEL_UNSUPPORTED', 'the model stores sparse weights', {
        hint: 'convert them to dense initializers before exporting',
      })
    },
  })
  return { name, nodes, inputs, outputs, initializers }
}

export const decodeNode = (r: BinaryReader, end: number, context: Context): Node => {
  const node = { name: '', op: '', domain: '' }
  const inputs: string[] = []
  const outputs: string[] = []
  const attributes: Record<string, Attribute> = {}
  fields(r, end, {
    1: () => inputs.push(r.string()),
    2: () => outputs.push(r.string()),
    3: () => (node.name = r.string()),
    4: () => (node.op = r.string()),
    5: () => nested(r, (r, end) => decodeAttribute(r, end, context, attributes)),
    7: () => (node.domain = r.string()),
  })
  return { ...node, domain: node.domain === 'ai.onnx' ? '' : node.domain, inputs, outputs, attributes }
}

const attributeTypes: Readonly<Record<number, Attribute['type']>> = {
  1: 'float',
  2: 'int',
  3: 'string',
  4: 'tensor',
  5: 'graph',
  6: 'floats',
  7: 'ints',
  8: 'strings',
}

export const decodeAttribute = (
  r: BinaryReader,
  end: number,
  context: Context,
  into: Record<string, Attribute>,
): void => {
  let name = ''
  let code = 0
  let reference: string | undefined
  let graph: Graph | undefined
  let value: Tensor | undefined
  let float = 0
  let int = 0
  let text = ''
  const floats: number[] = []
  const ints: number[] = []
  const strings: string[] = []
  const inner = { ...context, depth: context.depth + 1 }
  fields(r, end, {
    1: () => (name = r.string()),
    2: () => (float = r.float()),
    3: () => (int = int64(r)),
    4: () => (text = decodeText(r.bytes())),
    5: () => (value = nested(r, (r, end) => decodeTensor(r, end, context.external)).value),
    6: () => (graph = nested(r, (r, end) => decodeGraph(r, end, inner))),
    7: (type) => repeated(r, type, floats, () => r.float()),
    8: (type) => repeated(r, type, ints, () => int64(r)),
    9: () => strings.push(decodeText(r.bytes())),
    20: () => (code = r.int32()),
    21: () => (reference = r.string()),
  })
  const type = reference === undefined ? attributeTypes[code] : 'reference'
  const byType: Partial<Record<Attribute['type'], Attribute | undefined>> = {
    float: { type: 'float', value: float },
    int: { type: 'int', value: int },
    string: { type: 'string', value: text },
    floats: { type: 'floats', value: floats },
    ints: { type: 'ints', value: ints },
    strings: { type: 'strings', value: strings },
    tensor: value && { type: 'tensor', value },
    graph: graph && { type: 'graph', value: graph },
    reference: reference === undefined ? undefined : { type: 'reference', value: reference },
  }
  const attribute = type && byType[type]
  if (!attribute) throw corrupt(`attribute "${name}" has type ${code}, which is unknown or has no value`)
  into[name] = attribute
}
