import { bytes, u16, u32, u64, utf8 } from './bytes.ts'

export const npy = (descr: string, shape: string, data: Uint8Array): Uint8Array => {
  const text = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`
  const header = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`
  return bytes('\x93NUMPY', 1, 0, u16(header.length), header, data)
}

export const safetensors = (header: unknown, data: number): Uint8Array => {
  const text = utf8(typeof header === 'string' ? header : JSON.stringify(header))
  return bytes(u64(text.length), text, new Uint8Array(data))
}

const varint = (value: number): Uint8Array => {
  const out: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128)
  return Uint8Array.from([...out, rest])
}

/** Fields of a protobuf message: numbers, texts, and messages within. */
export const message = (...fields: readonly (readonly [number, number | string | Uint8Array])[]): Uint8Array =>
  bytes(
    ...fields.map(([id, value]) => {
      if (typeof value === 'number') return bytes(varint(id * 8), varint(value))
      const data = typeof value === 'string' ? utf8(value) : value
      return bytes(varint(id * 8 + 2), varint(data.length), data)
    }),
  )

/** A TensorFlow node with its attributes as texts. */
export const tfNode = (name: string, op: string, attributes: Readonly<Record<string, string>> = {}): Uint8Array =>
  message(
    [1, name],
    [2, op],
    ...Object.entries(attributes).map(([key, value]) => [5, message([1, key], [2, message([2, value])])] as const),
  )

/** A SavedModel with nodes in its graph and in a function. */
export const savedModel = (nodes: readonly Uint8Array[], inFunction: readonly Uint8Array[] = []): Uint8Array => {
  const definition = message([1, message([1, 'f'])], ...inFunction.map((node) => [3, node] as const))
  const graph = message(...nodes.map((node) => [1, node] as const), [2, message([1, definition])])
  return message([1, 1], [2, message([1, message([4, 'serve'])], [2, graph])])
}

export interface OnnxParts {
  readonly nodes?: readonly Uint8Array[]
  readonly tensors?: readonly Uint8Array[]
  readonly metadata?: Readonly<Record<string, string>>
}

export const onnxNode = (op: string, domain = '', attributes: readonly Uint8Array[] = []): Uint8Array =>
  message([1, 'x'], [2, 'y'], [3, `${op}-0`], [4, op], ...attributes.map((one) => [5, one] as const), [7, domain])

export const externalTensor = (location: string): Uint8Array =>
  message(
    [1, 1],
    [2, 1],
    [8, 'w'],
    [13, message([1, 'location'], [2, location])],
    [13, message([1, 'length'], [2, '4'])],
    [14, 1],
  )

export const onnx = ({ nodes = [onnxNode('Relu')], tensors = [], metadata = {} }: OnnxParts): Uint8Array => {
  const graph = message(
    ...nodes.map((node) => [1, node] as const),
    [2, 'g'],
    ...tensors.map((one) => [5, one] as const),
  )
  const entries = Object.entries(metadata).map(([key, value]) => [14, message([1, key], [2, value])] as const)
  return message([1, 8], [2, 'exporter'], [7, graph], [8, message([1, ''], [2, 17])], ...entries)
}

const ggufText = (text: string): Uint8Array => bytes(u64(utf8(text).length), utf8(text))

export const gguf = (entries: Readonly<Record<string, string>>, tensors = 0): Uint8Array =>
  bytes(
    'GGUF',
    u32(3),
    u64(tensors),
    u64(Object.keys(entries).length),
    ...Object.entries(entries).map(([key, value]) => bytes(ggufText(key), u32(8), ggufText(value))),
  )

/** The start of an HDF5 file with a superblock of version 0, and text somewhere in it, as h5py stores attributes. */
export const hdf5 = (text: string): Uint8Array => {
  const body = bytes(new Uint8Array(512), utf8(text), new Uint8Array(256))
  const size = 96 + body.length
  const none = u64(0xffffffffffffffffn)
  const head = bytes(
    '\x89HDF\r\n\x1a\n',
    0,
    0,
    0,
    0,
    0,
    8,
    8,
    0,
    u16(4),
    u16(16),
    u32(0),
    u64(0),
    none,
    u64(size),
    none,
  )
  return bytes(head, new Uint8Array(96 - head.length), body)
}

export const kerasLayer = (
  className: string,
  config: unknown = {},
  module?: string | null,
): Readonly<Record<string, unknown>> => ({
  ...(module !== undefined && { module, registered_name: null }),
  class_name: className,
  config,
})

export const kerasModel = (...layers: readonly unknown[]): string =>
  JSON.stringify(
    kerasLayer('Sequential', { name: 'm', layers: [kerasLayer('InputLayer', { batch_shape: [null, 4] }), ...layers] }),
  )
