import type { Content } from '../content.ts'

/**
 * What follows an opcode (Python's pickletools.opcodes, protocols 0 to 5): nothing, a number of that many bytes, one or
 * two lines of text, or a payload whose length is a number of that many bytes.
 */
type Argument = 'none' | 'u1' | 'u2' | 'u4' | 'u8' | 'line' | 'two lines' | 'bytes1' | 'bytes4' | 'bytes8'

const table = {
  PROTO: [0x80, 'u1'],
  FRAME: [0x95, 'u8'],
  STOP: [0x2e, 'none'],
  MARK: [0x28, 'none'],
  POP: [0x30, 'none'],
  POP_MARK: [0x31, 'none'],
  DUP: [0x32, 'none'],
  FLOAT: [0x46, 'line'],
  INT: [0x49, 'line'],
  BININT: [0x4a, 'u4'],
  BININT1: [0x4b, 'u1'],
  BININT2: [0x4d, 'u2'],
  LONG: [0x4c, 'line'],
  LONG1: [0x8a, 'bytes1'],
  LONG4: [0x8b, 'bytes4'],
  NONE: [0x4e, 'none'],
  NEWTRUE: [0x88, 'none'],
  NEWFALSE: [0x89, 'none'],
  BINFLOAT: [0x47, 'u8'],
  PERSID: [0x50, 'line'],
  BINPERSID: [0x51, 'none'],
  REDUCE: [0x52, 'none'],
  STRING: [0x53, 'line'],
  BINSTRING: [0x54, 'bytes4'],
  SHORT_BINSTRING: [0x55, 'bytes1'],
  UNICODE: [0x56, 'line'],
  BINUNICODE: [0x58, 'bytes4'],
  SHORT_BINUNICODE: [0x8c, 'bytes1'],
  BINUNICODE8: [0x8d, 'bytes8'],
  BINBYTES: [0x42, 'bytes4'],
  SHORT_BINBYTES: [0x43, 'bytes1'],
  BINBYTES8: [0x8e, 'bytes8'],
  BYTEARRAY8: [0x96, 'bytes8'],
  NEXT_BUFFER: [0x97, 'none'],
  READONLY_BUFFER: [0x98, 'none'],
  APPEND: [0x61, 'none'],
  APPENDS: [0x65, 'none'],
  BUILD: [0x62, 'none'],
  GLOBAL: [0x63, 'two lines'],
  INST: [0x69, 'two lines'],
  OBJ: [0x6f, 'none'],
  NEWOBJ: [0x81, 'none'],
  NEWOBJ_EX: [0x92, 'none'],
  STACK_GLOBAL: [0x93, 'none'],
  EXT1: [0x82, 'u1'],
  EXT2: [0x83, 'u2'],
  EXT4: [0x84, 'u4'],
  DICT: [0x64, 'none'],
  EMPTY_DICT: [0x7d, 'none'],
  SETITEM: [0x73, 'none'],
  SETITEMS: [0x75, 'none'],
  LIST: [0x6c, 'none'],
  EMPTY_LIST: [0x5d, 'none'],
  TUPLE: [0x74, 'none'],
  EMPTY_TUPLE: [0x29, 'none'],
  TUPLE1: [0x85, 'none'],
  TUPLE2: [0x86, 'none'],
  TUPLE3: [0x87, 'none'],
  EMPTY_SET: [0x8f, 'none'],
  ADDITEMS: [0x90, 'none'],
  FROZENSET: [0x91, 'none'],
  GET: [0x67, 'line'],
  BINGET: [0x68, 'u1'],
  LONG_BINGET: [0x6a, 'u4'],
  PUT: [0x70, 'line'],
  BINPUT: [0x71, 'u1'],
  LONG_BINPUT: [0x72, 'u4'],
  MEMOIZE: [0x94, 'none'],
} as const satisfies Readonly<Record<string, readonly [number, Argument]>>

type OpcodeName = keyof typeof table

/** Opcode by name. */
export const opcodes = Object.fromEntries(Object.entries(table).map(([name, [code]]) => [name, code])) as {
  readonly [K in OpcodeName]: (typeof table)[K][0]
}

const argumentOf: (Argument | undefined)[] = new Array(256).fill(undefined)
const widthOf = new Uint8Array(256)
for (const [code, argument] of Object.values(table)) {
  argumentOf[code] = argument
  widthOf[code] = Number(/\d$/.exec(argument)?.[0] ?? 0)
}

const windowSize = 2 ** 15

/** Reads one instruction after the other. After `next()` the fields describe the instruction; one object serves them all. */
export interface InstructionReader {
  readonly op: number
  /** Where the opcode stands. */
  readonly at: number
  /** The payload or the lines, without length and last line end. */
  readonly start: number
  readonly end: number
  /** The number that follows, unsigned; lengths are not given here. */
  readonly value: number
  /** Where the next instruction begins; may be set to skip data. */
  position: number
  /** False at the end of the content, at an unknown opcode, and where the content ends within an argument. */
  next(): boolean
}

export const instructionReader = (content: Content, from: number): InstructionReader => {
  let view = content.read(from, windowSize)
  let viewAt = from
  const byte = (offset: number): number => {
    if (offset < viewAt || offset >= viewAt + view.length) {
      if (offset >= content.size) return -1
      view = content.read(offset, windowSize)
      viewAt = offset
    }
    return view[offset - viewAt]!
  }
  const number = (offset: number, width: number): number => {
    let value = 0
    for (let i = width - 1; i >= 0; i--) value = value * 256 + byte(offset + i)
    return value
  }
  const lineEnd = (offset: number): number => {
    for (let at = offset; at < content.size; at = viewAt + view.length) {
      if (byte(at) === 10) return at
      const found = view.indexOf(10, at - viewAt)
      if (found >= 0) return viewAt + found
    }
    return -1
  }
  const reader = {
    op: 0,
    at: from,
    start: from,
    end: from,
    value: 0,
    position: from,
    next(): boolean {
      const at = reader.position
      const op = byte(at)
      reader.op = op
      reader.at = at
      reader.start = reader.end = at + 1
      const argument = argumentOf[op]
      if (argument === undefined) return false
      switch (argument) {
        case 'none':
          break
        case 'line':
        case 'two lines': {
          let end = lineEnd(at + 1)
          if (end >= 0 && argument === 'two lines') end = lineEnd(end + 1)
          if (end < 0) return false
          reader.end = end
          reader.position = end + 1
          return true
        }
        case 'bytes1':
        case 'bytes4':
        case 'bytes8': {
          const width = widthOf[op]!
          reader.start = at + 1 + width
          if (reader.start > content.size) return false
          reader.end = reader.start + number(at + 1, width)
          reader.position = reader.end
          return reader.end <= content.size
        }
        default: {
          const width = widthOf[op]!
          reader.end = at + 1 + width
          if (reader.end > content.size) return false
          reader.value = number(at + 1, width)
        }
      }
      reader.position = reader.end
      return true
    },
  }
  return reader
}
