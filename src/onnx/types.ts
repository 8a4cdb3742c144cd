/** A size that is known, or the name of one that isn't: equal names are equal sizes. */
export type Dim = number | string
export type Dims = readonly Dim[]

/** Element types in the order of TensorProto.DataType; the index is the code in the file. */
export const dtypes = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
  'float8e8m0',
  'uint2',
  'int2',
] as const
export type DType = (typeof dtypes)[number]

export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[]

/** Row-major values. float16 and bfloat16 are held as their 16-bit patterns; types below a byte as packed bytes. */
export interface Tensor {
  readonly dtype: DType
  readonly dims: readonly number[]
  readonly data: TensorData
}

export interface TensorType {
  readonly dtype: DType
  /** Undefined where not even the rank is known. */
  readonly dims: Dims | undefined
}

export interface ValueInfo extends TensorType {
  readonly name: string
}

export type Attribute =
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'tensor'; readonly value: Tensor }
  | { readonly type: 'graph'; readonly value: Graph }
  | { readonly type: 'ints'; readonly value: readonly number[] }
  | { readonly type: 'floats'; readonly value: readonly number[] }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'reference'; readonly value: string }

export type Attributes = Readonly<Record<string, Attribute>>

export interface Node {
  readonly name: string
  readonly op: string
  /** '' is ai.onnx. */
  readonly domain: string
  /** '' stands for an optional input that is left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Attributes
}

export interface Graph {
  readonly name: string
  /** In topological order. */
  readonly nodes: readonly Node[]
  /** What a caller feeds; an initializer of the same name is its default. */
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly initializers: ReadonlyMap<string, Tensor>
}

export interface LocalFunction {
  readonly name: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: readonly string[]
  readonly attributeDefaults: Attributes
  readonly opsets: Readonly<Record<string, number>>
  readonly nodes: readonly Node[]
}

export interface Model {
  readonly irVersion: number
  /** Version by domain; '' is ai.onnx. */
  readonly opsets: Readonly<Record<string, number>>
  readonly producerName: string
  readonly producerVersion: string
  readonly domain: string
  readonly modelVersion: number
  readonly docString: string
  readonly metadata: Readonly<Record<string, string>>
  readonly graph: Graph
  readonly functions: readonly LocalFunction[]
}
