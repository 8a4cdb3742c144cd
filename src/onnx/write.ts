import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import {
  type Attribute,
  type Dim,
  type Dims,
  dtypes,
  type Graph,
  type LocalFunction,
  type Model,
  type Node,
  type Tensor,
  type ValueInfo,
} from './types.ts'

/** The bytes of an ONNX ModelProto, weights inside the file as raw data. */
export const writeModel = (model: Model): Uint8Array<ArrayBuffer> => {
  const w = new BinaryWriter()
  int(w, 1, model.irVersion)
  text(w, 2, model.producerName)
  text(w, 3, model.producerVersion)
  text(w, 4, model.domain)
  int(w, 5, model.modelVersion)
  text(w, 6, model.docString)
  message(w, 7, () => writeGraph(w, model.graph))
  writeOpsets(w, 8, model.opsets)
  for (const [key, value] of Object.entries(model.metadata))
    message(w, 14, () => {
      text(w, 1, key)
      text(w, 2, value)
    })
  for (const definition of model.functions) message(w, 25, () => writeFunction(w, definition))
  return w.finish()
}

const int = (w: BinaryWriter, field: number, value: number): void => {
  if (value !== 0) w.tag(field, WireType.Varint).int64(value)
}
const text = (w: BinaryWriter, field: number, value: string): void => {
  if (value !== '') w.tag(field, WireType.LengthDelimited).string(value)
}
const message = (w: BinaryWriter, field: number, write: () => void): void => {
  w.tag(field, WireType.LengthDelimited).fork()
  write()
  w.join()
}
/** Names in order, empty ones included: an empty name is an input left out. */
const names = (w: BinaryWriter, field: number, values: readonly string[]): void => {
  for (const value of values) w.tag(field, WireType.LengthDelimited).string(value)
}

const writeOpsets = (w: BinaryWriter, field: number, opsets: Readonly<Record<string, number>>): void => {
  for (const [domain, version] of Object.entries(opsets))
    message(w, field, () => {
      text(w, 1, domain)
      int(w, 2, version)
    })
}

const writeGraph = (w: BinaryWriter, graph: Graph): void => {
  for (const node of graph.nodes) message(w, 1, () => writeNode(w, node))
  text(w, 2, graph.name || 'graph')
  for (const [name, tensor] of graph.initializers) message(w, 5, () => writeTensor(w, tensor, name))
  for (const value of graph.inputs) message(w, 11, () => writeValueInfo(w, value))
  for (const value of graph.outputs) message(w, 12, () => writeValueInfo(w, value))
}

const writeNode = (w: BinaryWriter, node: Node): void => {
  names(w, 1, node.inputs)
  names(w, 2, node.outputs)
  text(w, 3, node.name)
  text(w, 4, node.op)
  for (const [name, attribute] of Object.entries(node.attributes))
    message(w, 5, () => writeAttribute(w, name, attribute))
  text(w, 7, node.domain)
}

const attributeCodes: Readonly<Record<Exclude<Attribute['type'], 'reference'>, number>> = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
}

const writeAttribute = (w: BinaryWriter, name: string, attribute: Attribute): void => {
  text(w, 1, name)
  switch (attribute.type) {
    case 'float':
      w.tag(2, WireType.Bit32).float(attribute.value)
      break
    case 'int':
      w.tag(3, WireType.Varint).int64(attribute.value)
      break
    case 'string':
      w.tag(4, WireType.LengthDelimited).string(attribute.value)
      break
    case 'tensor':
      message(w, 5, () => writeTensor(w, attribute.value))
      break
    case 'graph':
      message(w, 6, () => writeGraph(w, attribute.value))
      break
    case 'floats':
      for (const value of attribute.value) w.tag(7, WireType.Bit32).float(value)
      break
    case 'ints':
      for (const value of attribute.value) w.tag(8, WireType.Varint).int64(value)
      break
    case 'strings':
      names(w, 9, attribute.value)
      break
    case 'reference':
      text(w, 21, attribute.value)
      return
  }
  int(w, 20, attributeCodes[attribute.type])
}

const writeTensor = (w: BinaryWriter, { dtype, dims, data }: Tensor, name = ''): void => {
  if (dims.length > 0)
    message(w, 1, () => {
      for (const dim of dims) w.int64(dim)
    })
  int(w, 2, dtypes.indexOf(dtype))
  if (isStrings(data)) names(w, 6, data)
  else w.tag(9, WireType.LengthDelimited).bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  text(w, 8, name)
}

const isStrings = (data: Tensor['data']): data is readonly string[] => Array.isArray(data)

const writeValueInfo = (w: BinaryWriter, { name, dtype, dims }: ValueInfo): void => {
  text(w, 1, name)
  if (dtype === 'undefined') return
  message(w, 2, () =>
    message(w, 1, () => {
      int(w, 1, dtypes.indexOf(dtype))
      if (dims) message(w, 2, () => writeDims(w, dims))
    }),
  )
}

const writeDims = (w: BinaryWriter, dims: Dims): void => {
  for (const dim of dims) message(w, 1, () => writeDim(w, dim))
}

/** Sizes that nobody named start with '?': they are written as unknown. */
const writeDim = (w: BinaryWriter, dim: Dim): void => {
  if (typeof dim === 'number') w.tag(1, WireType.Varint).int64(dim)
  else if (!dim.startsWith('?')) text(w, 2, dim)
}

const writeFunction = (w: BinaryWriter, definition: LocalFunction): void => {
  text(w, 1, definition.name)
  names(w, 4, definition.inputs)
  names(w, 5, definition.outputs)
  names(w, 6, definition.attributes)
  for (const node of definition.nodes) message(w, 7, () => writeNode(w, node))
  writeOpsets(w, 9, definition.opsets)
  text(w, 10, definition.domain)
  for (const [name, attribute] of Object.entries(definition.attributeDefaults))
    message(w, 11, () => writeAttribute(w, name, attribute))
}
