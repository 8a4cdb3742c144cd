import type { BinaryReader } from '@bufbuild/protobuf/wire'
import { maxRank } from './read-tensor.ts'
import { corrupt, fields, int64, nested } from './read-wire.ts'
import { type Dim, type DType, dtypes, type TensorType, type ValueInfo } from './types.ts'

/** A ValueInfoProto: the name and type of an input or output. */
export const decodeValueInfo = (r: BinaryReader, end: number): ValueInfo => {
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
