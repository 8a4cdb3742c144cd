import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { BartizanError, isBartizanError } from '../base/errors.ts'
import { type ExternalReference, type ReadExternal, refuseExternal } from './external.ts'
import { bitsOf, dataFromBytes, sizeOf, tensor } from './tensor.ts'
import {
  type Attribute,
  type Dim,
  type DType,
  dtypes,
  type Graph,
  type LocalFunction,
  type Model,
  type Node,
  type Tensor,
  type TensorType,
  type ValueInfo,
} from './types.ts'

/** Graphs within graphs deeper than this are an attack on the stack, not a model. */
const maxDepth = 32
const maxRank = 64

export interface ReadOptions {
  /** How to reach weights that lie outside the file; refused where not given. */
  readonly external?: ReadExternal
}

/**
 * Reads an ONNX ModelProto (onnx.proto3). Sizes are checked against the bytes there are before anything is allocated,
 * weights outside the file are reached only through `external`.
 * Throws MODEL_CORRUPT where the bytes are no ONNX model, MODEL_UNSUPPORTED for sparse weights and non-tensor values.
 */
export const readModel = (bytes: Uint8Array, { external = refuseExternal }: ReadOptions = {}): Model => {
  try {
    const model = decodeModel(new BinaryReader(bytes), bytes.length, { external, depth: 0 })
    if (model.irVersion < 1 || Object.keys(model.opsets).length === 0)
      throw corrupt('there is no IR version or no operator set in it')
    if (model.graph.outputs.length === 0) throw corrupt('its graph has no outputs')
    return model
  } catch (error) {
    if (isBartizanError(error)) throw error
    throw new BartizanError('MODEL_CORRUPT', `this is no ONNX model: ${(error as Error).message}`, {
      hint: 'the file may be truncated or of another format; export it again',
      cause: error,
    })
  }
}

const corrupt = (what: string): BartizanError =>
  new BartizanError('MODEL_CORRUPT', `this is no valid ONNX model: ${what}`, {
    hint: 'the file may be truncated or damaged; export it again',
  })

interface Context {
  readonly external: ReadExternal
  readonly depth: number
}

type Handlers = Readonly<Record<number, (type: WireType) => void>>

/** Calls the handler of each field up to `end`; a field without one is skipped. */
const fields = (r: BinaryReader, end: number, handlers: Handlers): void => {
  if (end > r.len) throw corrupt('a field is longer than the file')
  while (r.pos < end) {
    const [field, type] = r.tag()
    const handler = handlers[field]
    if (handler) handler(type)
    else r.skip(type, field)
  }
  if (r.pos !== end) throw corrupt('a field runs past the end of its message')
}

/** Reads a nested message with `decode(reader, end)`. */
const nested = <T>(r: BinaryReader, decode: (r: BinaryReader, end: number) => T): T => {
  const length = r.uint32()
  return decode(r, r.pos + length)
}

/** int64 as a number; what lies beyond 2^53 means "to the end" wherever ONNX uses it. */
const int64 = (r: BinaryReader): number => {
  const value = Number(r.int64())
  return Math.max(Math.min(value, Number.MAX_SAFE_INTEGER), Number.MIN_SAFE_INTEGER)
}

/** A repeated scalar, packed or not. */
const repeated = <T>(r: BinaryReader, type: WireType, into: T[], read: () => T): void => {
  if (type !== WireType.LengthDelimited) {
    into.push(read())
    return
  }
  const end = r.uint32() + r.pos
  if (end > r.len) throw corrupt('a list is longer than the file')
  while (r.pos < end) into.push(read())
}

const decodeModel = (r: BinaryReader, end: number, context: Context): Model => {
  let graph: Graph | undefined
  const opsets: Record<string, number> = {}
  const metadata: Record<string, string> = {}
  const functions: LocalFunction[] = []
  const model = { irVersion: 0, producerName: '', producerVersion: '', domain: '', modelVersion: 0, docString: '' }
  fields(r, end, {
    1: () => (model.irVersion = int64(r)),
    2: () => (model.producerName = r.string()),
    3: () => (model.producerVersion = r.string()),
    4: () => (model.domain = r.string()),
    5: () => (model.modelVersion = int64(r)),
    6: () => (model.docString = r.string()),
    7: () => (graph = nested(r, (r, end) => decodeGraph(r, end, context))),
    8: () => nested(r, (r, end) => decodeOpset(r, end, opsets)),
    14: () => nested(r, (r, end) => decodeEntry(r, end, metadata)),
    25: () => functions.push(nested(r, (r, end) => decodeFunction(r, end, context))),
  })
  if (!graph) throw corrupt('it has no graph')
  return { ...model, opsets, metadata, graph, functions }
}

const decodeOpset = (r: BinaryReader, end: number, opsets: Record<string, number>): void => {
  let domain = ''
  let version = 1
  fields(r, end, { 1: () => (domain = r.string()), 2: () => (version = int64(r)) })
  opsets[domain === 'ai.onnx' ? '' : domain] = version
}

const decodeEntry = (r: BinaryReader, end: number, into: Record<string, string>): void => {
  let key = ''
  let value = ''
  fields(r, end, { 1: () => (key = r.string()), 2: () => (value = r.string()) })
  Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true })
}

const decodeGraph = (r: BinaryReader, end: number, context: Context): Graph => {
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
      const { name, value } = nested(r, (r, end) => decodeTensor(r, end, context))
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

const decodeNode = (r: BinaryReader, end: number, context: Context): Node => {
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

const decodeAttribute = (r: BinaryReader, end: number, context: Context, into: Record<string, Attribute>): void => {
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
    5: () => (value = nested(r, (r, end) => decodeTensor(r, end, context)).value),
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

/** Byte strings that are no UTF-8 keep their bytes as Latin-1: nothing we read gives them a meaning. */
const decodeText = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return Buffer.from(bytes).toString('latin1')
  }
}

const decodeTensor = (r: BinaryReader, end: number, context: Context): { name: string; value: Tensor } => {
  let name = ''
  let code = 0
  let raw: Uint8Array | undefined
  let isExternal = false
  const dims: number[] = []
  const numbers: number[] = []
  const integers: bigint[] = []
  const texts: string[] = []
  const location: Record<string, string> = {}
  fields(r, end, {
    1: (type) => repeated(r, type, dims, () => int64(r)),
    2: () => (code = r.int32()),
    4: (type) => repeated(r, type, numbers, () => r.float()),
    5: (type) => repeated(r, type, numbers, () => r.int32()),
    6: () => texts.push(decodeText(r.bytes())),
    7: (type) => repeated(r, type, integers, () => BigInt(r.int64())),
    8: () => (name = r.string()),
    9: () => (raw = r.bytes()),
    10: (type) => repeated(r, type, numbers, () => r.double()),
    11: (type) => repeated(r, type, integers, () => BigInt(r.uint64())),
    13: () => nested(r, (r, end) => decodeEntry(r, end, location)),
    14: () => (isExternal = r.int32() === 1),
  })
  const dtype = dtypes[code]
  if (!dtype || dtype === 'undefined') throw corrupt(`tensor "${name}" has the unknown element type ${code}`)
  if (dims.length > maxRank || dims.some((dim) => dim < 0)) throw corrupt(`tensor "${name}" has shape [${dims}]`)
  const size = sizeOf(dims)
  if (isExternal) raw = context.external(externalReference(name, location, Math.ceil((size * bitsOf[dtype]) / 8)))
  return { name, value: { dtype, dims, data: tensorData({ name, dtype, size, raw, numbers, integers, texts }) } }
}

interface TensorParts {
  readonly name: string
  readonly dtype: DType
  readonly size: number
  readonly raw: Uint8Array | undefined
  readonly numbers: readonly number[]
  readonly integers: readonly bigint[]
  readonly texts: readonly string[]
}

const tensorData = ({ name, dtype, size, raw, numbers, integers, texts }: TensorParts): Tensor['data'] => {
  const expect = (actual: number, expected: number, unit: string): void => {
    if (actual !== expected) throw corrupt(`tensor "${name}" should hold ${expected} ${unit} but holds ${actual}`)
  }
  if (dtype === 'string') {
    expect(texts.length, size, 'strings')
    return texts
  }
  if (raw) {
    expect(raw.length, Math.ceil((size * bitsOf[dtype]) / 8), 'bytes')
    return dataFromBytes(dtype, raw)
  }
  if (dtype === 'int64' || dtype === 'uint64' || dtype === 'uint32') {
    expect(integers.length, size, 'values')
    if (dtype === 'uint32') return Uint32Array.from(integers, Number)
    return dtype === 'int64' ? BigInt64Array.from(integers) : BigUint64Array.from(integers)
  }
  // Typed fields hold 16-bit floats as their patterns and packed types as one byte each.
  const stored =
    dtype === 'float16' || dtype === 'bfloat16' ? 'uint16' : bitsOf[dtype] <= 8 && dtype !== 'int8' ? 'uint8' : dtype
  const count =
    bitsOf[dtype] < 8 ? Math.ceil((size * bitsOf[dtype]) / 8) : dtype.startsWith('complex') ? 2 * size : size
  expect(numbers.length, count, 'values')
  return tensor(stored === 'complex64' ? 'float32' : stored === 'complex128' ? 'float64' : stored, [count], numbers)
    .data
}

const externalReference = (
  name: string,
  entries: Readonly<Record<string, string>>,
  length: number,
): ExternalReference => {
  const offset = Number(entries.offset ?? 0)
  const stated = Number(entries.length ?? length)
  if (!entries.location || !Number.isSafeInteger(offset) || offset < 0 || stated !== length)
    throw corrupt(`tensor "${name}" refers to external data by ${JSON.stringify(entries)}, which don't fit its shape`)
  return { tensor: name, location: entries.location, offset, length }
}

const decodeValueInfo = (r: BinaryReader, end: number): ValueInfo => {
  let name = ''
  let type: TensorType = { dtype: 'undefined', dims: undefined }
  fields(r, end, {
    1: () => (name = r.string()),
    2: () => (type = nested(r, decodeType)),
  })
  return { name, ...type }
}

/** Types that are no tensor (maps and sequences) have dtype `undefined`. */
const decodeType = (r: BinaryReader, end: number): TensorType => {
  let type: TensorType = { dtype: 'undefined', dims: undefined }
  fields(r, end, { 1: () => (type = nested(r, decodeTensorType)) })
  return type
}

const decodeTensorType = (r: BinaryReader, end: number): TensorType => {
  let dtype: DType = 'undefined'
  let dims: Dim[] | undefined
  fields(r, end, {
    1: () => (dtype = dtypes[r.int32()] ?? 'undefined'),
    2: () => {
      const list: Dim[] = []
      nested(r, (r, end) => fields(r, end, { 1: () => list.push(nested(r, decodeDim)) }))
      if (list.length > maxRank) throw corrupt(`a value has ${list.length} axes`)
      dims = list.map((dim, axis) => (dim === '' ? `?${axis}` : dim))
    },
  })
  return { dtype, dims }
}

const decodeDim = (r: BinaryReader, end: number): Dim => {
  let dim: Dim = ''
  fields(r, end, { 1: () => (dim = int64(r)), 2: () => (dim = r.string()) })
  return typeof dim === 'number' && dim < 0 ? '' : dim
}

const decodeFunction = (r: BinaryReader, end: number, context: Context): LocalFunction => {
  const names = { name: '', domain: '' }
  const inputs: string[] = []
  const outputs: string[] = []
  const attributes: string[] = []
  const attributeDefaults: Record<string, Attribute> = {}
  const opsets: Record<string, number> = {}
  const nodes: Node[] = []
  fields(r, end, {
    1: () => (names.name = r.string()),
    4: () => inputs.push(r.string()),
    5: () => outputs.push(r.string()),
    6: () => attributes.push(r.string()),
    7: () => nodes.push(nested(r, (r, end) => decodeNode(r, end, context))),
    9: () => nested(r, (r, end) => decodeOpset(r, end, opsets)),
    10: () => (names.domain = r.string()),
    11: () => nested(r, (r, end) => decodeAttribute(r, end, context, attributeDefaults)),
  })
  return { ...names, inputs, outputs, attributes, attributeDefaults, opsets, nodes }
}
