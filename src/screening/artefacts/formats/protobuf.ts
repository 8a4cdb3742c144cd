import { type Content, damaged, utf8 } from '../content.ts'
import { limits } from '../limits.ts'

/** A field of a protobuf message: its number, and where its value lies (or the number that it is). */
export interface Field {
  readonly id: number
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wire: number
  readonly start: number
  readonly end: number
  readonly value: number
}

/** A walk over one file's messages, bounded in fields. */
export interface ProtobufReader {
  fields(start: number, end: number): Generator<Field>
  text(field: Field): string
  readonly size: number
}

const longestText = 4 * 2 ** 20
const windowSize = 2 ** 14

/** Reads fields by range: tensors of gigabytes are stepped over, not read. Throws DATA_CORRUPT. */
export const protobufReader = (content: Content): ProtobufReader => {
  let view = new Uint8Array(0)
  let viewAt = 0
  let seen = 0
  const byte = (at: number): number => {
    if (at < viewAt || at >= viewAt + view.length) {
      view = Uint8Array.from(content.read(at, windowSize))
      viewAt = at
      if (view.length === 0) throw damaged('a field runs past the end')
    }
    return view[at - viewAt]!
  }
  let next = 0
  const varint = (from: number): number => {
    let value = 0
    for (let i = 0; i < 10; i++) {
      const bits = byte(from + i)
      value += (bits & 0x7f) * 2 ** (7 * i)
      if (bits < 0x80) {
        next = from + i + 1
        return value
      }
    }
    throw damaged('a number takes more than ten bytes')
  }
  function* fields(start: number, end: number): Generator<Field> {
    let at = start
    while (at < end) {
      if (++seen > limits.protobufFields) throw damaged('it has too many fields')
      const tag = varint(at)
      const [id, wire] = [Math.floor(tag / 8), tag % 8]
      const from = next
      let field: Field
      if (wire === 0) {
        const value = varint(from)
        field = { id, wire, start: from, end: next, value }
      } else if (wire === 2) {
        const length = varint(from)
        field = { id, wire, start: next, end: next + length, value: 0 }
      } else if (wire === 1 || wire === 5) {
        field = { id, wire, start: from, end: from + (wire === 1 ? 8 : 4), value: 0 }
      } else throw damaged(`a field has the wire type ${wire}`)
      if (id === 0 || field.end > end) throw damaged('a field is longer than its message')
      at = field.end
      yield field
    }
  }
  return {
    fields,
    text: ({ start, end }) => utf8(content.read(start, Math.min(end - start, longestText))),
    size: content.size,
  }
}

/** Which protobuf file it is, by the shape of its outermost message: ONNX model, SavedModel or frozen graph. */
export const protobufKind = (content: Content): 'onnx' | 'saved model' | 'graph' | undefined => {
  const reader = protobufReader(content)
  const shapes = new Set<string>()
  let opset = false
  try {
    let count = 0
    for (const { id, wire, value } of reader.fields(0, reader.size)) {
      if (count++ > 100_000) break
      shapes.add(`${id}:${wire}`)
      if (id === 1 && wire === 0 && (value < 1 || value > 1000)) return undefined
      opset ||= id === 8 && wire === 2
    }
    if (shapes.has('7:2') && (shapes.has('1:0') || opset)) return 'onnx'
    if ([...shapes].every((shape) => shape === '1:0' || shape === '2:2') && shapes.has('2:2') && hasMetaGraph(reader))
      return 'saved model'
    if (
      shapes.has('1:2') &&
      [...shapes].every((shape) => ['1:2', '2:2', '3:0', '4:2', '5:2'].includes(shape)) &&
      hasNode(reader)
    )
      return 'graph'
  } catch {
    return undefined
  }
  return undefined
}

/** The first meta graph holds a graph definition or nothing but known fields. */
const hasMetaGraph = (reader: ProtobufReader): boolean => {
  for (const field of reader.fields(0, reader.size))
    if (field.id === 2)
      for (const inner of reader.fields(field.start, field.end)) if (inner.wire !== 2 || inner.id > 7) return false
  return true
}

/** The first node has a name and an operator. */
const hasNode = (reader: ProtobufReader): boolean => {
  for (const field of reader.fields(0, reader.size)) {
    if (field.id !== 1) continue
    const ids = new Set<number>()
    for (const inner of reader.fields(field.start, field.end)) if (inner.wire === 2) ids.add(inner.id)
    return ids.has(1) && ids.has(2)
  }
  return false
}
