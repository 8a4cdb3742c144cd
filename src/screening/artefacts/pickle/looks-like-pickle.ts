import { type Content, latin1 } from '../content.ts'
import { dangerousRoots } from './dangerous-imports.ts'
import { judgeImport } from './judge-import.ts'
import { followPickle, type PickleEvents } from './machine.ts'
import { opcodes } from './opcodes.ts'
import type { Import } from './values.ts'

/** Opcodes that need nothing on the stack, so with which a pickle without PROTO can begin. */
const openings: ReadonlySet<number> = new Set(
  (
    [
      ...(['MARK', 'NONE', 'NEWTRUE', 'NEWFALSE', 'INT', 'BININT', 'BININT1', 'BININT2', 'LONG', 'LONG1'] as const),
      ...(['LONG4', 'FLOAT', 'BINFLOAT', 'STRING', 'BINSTRING', 'SHORT_BINSTRING', 'UNICODE', 'BINUNICODE'] as const),
      ...(['SHORT_BINUNICODE', 'BINUNICODE8', 'BINBYTES', 'SHORT_BINBYTES', 'BINBYTES8', 'BYTEARRAY8'] as const),
      ...(['EMPTY_DICT', 'EMPTY_LIST', 'EMPTY_TUPLE', 'EMPTY_SET', 'GLOBAL', 'INST', 'FRAME'] as const),
    ] as const
  ).map((name) => opcodes[name]),
)

const named = ({ module, name }: Import): boolean =>
  module !== undefined && /^[A-Za-z_][\w.]*$/.test(module) && /^[A-Za-z_][\w.]*$/.test(name)

export interface Glance {
  /** It reads as a pickle to its end, or far enough to import and call something. */
  readonly isPickle: boolean
  /** It imports something, by names that Python could have. */
  readonly imports: boolean
  readonly dangerous: boolean
  /** It holds byte strings long enough for pickles of their own. */
  readonly holdsBytes: boolean
  readonly end: number
  readonly instructions: number
}

/** Reads from `at` as if a pickle began there. */
export const glanceAt = (content: Content, at: number, mostInstructions?: number): Glance => {
  let imports = 0
  let calls = 0
  let odd = 0
  let dangerous = false
  let holdsBytes = false
  const events: PickleEvents = {
    imported: (found) => {
      if (!named(found)) odd++
      else imports++
      const rule = judgeImport(found, { allows: () => false, torchscript: false })?.rule
      dangerous ||= rule === 'pickle-dangerous-import' || rule === 'pickle-attribute-chain'
    },
    called: () => calls++,
    changed: () => {},
    bytes: ({ start, end }) => {
      holdsBytes ||= end - start >= 12
    },
    outside: () => {},
    built: (_, position) => position,
  }
  const end = followPickle(content, at, events, mostInstructions)
  const whole = end.stopped && end.broken === undefined && end.instructions > 2
  return {
    isPickle: odd === 0 && (whole || (imports > 0 && (calls > 0 || dangerous))),
    imports: imports > 0,
    dangerous,
    holdsBytes,
    end: end.end,
    instructions: end.instructions,
  }
}

const protocolAt = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0x80 && bytes[at + 1]! <= 5

/** Whether the content begins with a pickle: with PROTO and an instruction, or without and running to its end. */
export const beginsWithPickle = (content: Content): boolean => {
  const head = content.read(0, 3)
  if (head.length < 2) return false
  if (protocolAt(head, 0)) return glanceAt(content, 0).isPickle || isOpening(head[2])
  if (!openings.has(head[0]!)) return false
  const glance = glanceAt(content, 0)
  // INST needs a mark before it, so loading fails; a list of names may begin like one ("isympy", "sympy").
  if (head[0] === opcodes.INST && !glance.dangerous) return false
  return glance.isPickle && glance.imports
}

const isOpening = (byte: number | undefined): boolean => byte !== undefined && openings.has(byte)

const roots = `(?:${[...dangerousRoots].join('|')}|numpy|torch)`

/** An import of protocol 0 by lines, and names of modules as texts, of what can run code. */
const suspects = [
  new RegExp(`[ci]${roots}(?:\\.\\w+)*\\n[\\w.]+\\n`, 'g'),
  new RegExp(`(?:\\x8c[\\s\\S]|[XT][\\s\\S]\\0\\0\\0|U[\\s\\S])${roots}(?![a-zA-Z0-9])`, 'g'),
] as const

/** What one try and all tries of a search may cost, so that hostile data can't make it quadratic. */
const work = { oneTry: 2_000_000, all: 40_000_000 }

export interface Search {
  /** Where they begin, in order. */
  readonly places: readonly number[]
  /** False where there is more than was searched. */
  readonly complete: boolean
}

/** Searches data of another kind for pickles that import something; gives at most `most`. */
export const findPickles = (content: Content, from: number, to: number, most: number): Search => {
  const places: number[] = []
  const last = Math.min(to, content.size)
  let spent = 0
  let past = from
  const step = 2 ** 20
  for (let at = from; at < last; at += step) {
    const bytes = content.read(at, Math.min(step + 256, last - at))
    for (const candidate of candidatesIn(bytes, step)) {
      const place = at + candidate
      if (place < past) continue
      if (places.length >= most || spent >= work.all) return { places, complete: false }
      const glance = glanceAt(content, place, work.oneTry)
      spent += glance.instructions + 50
      if (!glance.isPickle || !glance.imports) continue
      places.push(place)
      past = glance.end
    }
  }
  return { places, complete: last === content.size }
}

const candidatesIn = (bytes: Uint8Array, before: number): readonly number[] => {
  const found: number[] = []
  for (let i = bytes.indexOf(0x80); i >= 0 && i < before; i = bytes.indexOf(0x80, i + 1))
    if (bytes[i + 1]! >= 2 && protocolAt(bytes, i) && isOpening(bytes[i + 2])) found.push(i)
  const text = latin1(bytes)
  for (const suspect of suspects) for (const { index } of text.matchAll(suspect)) if (index < before) found.push(index)
  return found.sort((a, b) => a - b)
}
