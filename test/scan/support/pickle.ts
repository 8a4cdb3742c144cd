import { bytes, u32, u64, utf8 } from './bytes.ts'

/** A small assembler: each name gives the bytes of one instruction of the pickle machine. */
export const p = {
  proto: (version: number) => bytes(0x80, version),
  frame: (length: number) => bytes(0x95, u64(length)),
  stop: bytes('.'),
  mark: bytes('('),
  pop: bytes('0'),
  dup: bytes('2'),
  none: bytes('N'),
  int: (value: number) => bytes('K', value),
  longInt: (value: number) => bytes('J', u32(value >>> 0)),
  text: (value: string) => bytes(0x8c, utf8(value).length, utf8(value)),
  longText: (value: string) => bytes('X', u32(utf8(value).length), utf8(value)),
  line: (value: string) => bytes('V', value, '\n'),
  quoted: (value: string) => bytes("S'", value, "'\n"),
  shortBytes: (value: Uint8Array) => bytes('C', value.length, value),
  longBytes: (value: Uint8Array) => bytes('B', u32(value.length), value),
  byteArray: (value: Uint8Array) => bytes(0x96, u64(value.length), value),
  global: (module: string, name: string) => bytes('c', utf8(module), '\n', utf8(name), '\n'),
  stackGlobal: bytes(0x93),
  inst: (module: string, name: string) => bytes('i', utf8(module), '\n', utf8(name), '\n'),
  obj: bytes('o'),
  reduce: bytes('R'),
  newobj: bytes(0x81),
  newobjEx: bytes(0x92),
  build: bytes('b'),
  tuple: bytes('t'),
  tuple1: bytes(0x85),
  tuple2: bytes(0x86),
  tuple3: bytes(0x87),
  emptyTuple: bytes(')'),
  emptyDict: bytes('}'),
  emptyList: bytes(']'),
  setItem: bytes('s'),
  setItems: bytes('u'),
  append: bytes('a'),
  appends: bytes('e'),
  put: (key: number) => bytes('p', String(key), '\n'),
  get: (key: number | string) => bytes('g', String(key), '\n'),
  binPut: (key: number) => bytes('q', key),
  binGet: (key: number) => bytes('h', key),
  memoize: bytes(0x94),
  ext1: (code: number) => bytes(0x82, code),
  persId: (id: string) => bytes('P', id, '\n'),
  binPersId: bytes('Q'),
} as const

/** A pickle of protocol 4 with these instructions. */
export const pickle = (...parts: readonly Uint8Array[]): Uint8Array => bytes(p.proto(4), ...parts, p.stop)

/** Calls module.name with a text. */
export const calling = (module: string, name: string, argument = 'id'): Uint8Array =>
  bytes(p.text(module), p.text(name), p.stackGlobal, p.text(argument), p.tuple1, p.reduce)

/** An instance without arguments, as protocol 2 and later write it, with a state. */
export const instance = (module: string, name: string, state: Uint8Array = p.emptyDict): Uint8Array =>
  bytes(p.text(module), p.text(name), p.stackGlobal, p.emptyTuple, p.newobj, state, p.build)

export const dict = (entries: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  bytes(p.emptyDict, p.mark, ...Object.entries(entries).map(([key, value]) => bytes(p.text(key), value)), p.setItems)
