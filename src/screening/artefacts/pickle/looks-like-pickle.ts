import { type Content, latin1 } from '../content.ts'
import { judgeImport } from './judge-import.ts'
import { followPickle, type PickleEvents } from './machine.ts'
import type { Import } from './values.ts'

/** First bytes of a pickle without PROTO (protocols 0 and 1, or written by hand) that can go on to import something. */
const openings = new Set(
  [...'(]})cilJKLMNSTUVXBCIFG'].map((char) => char.charCodeAt(0)).concat([0x8c, 0x88, 0x89, 0x95, 0x8f]),
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
  return glance.isPickle && glance.imports
}

const isOpening = (byte: number | undefined): boolean => byte !== undefined && (openings.has(byte) || byte === 0x8a)

const suspect =
  /[ci](?:__builtin__|builtins|os|posix|nt|sys|subprocess|commands|importlib|runpy|socket|shutil|ctypes|pty|webbrowser|pip|operator|functools|code|bdb|pdb|timeit|numpy|torch)[\w.]*\n[\w.]+\n/g

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
  for (const match of latin1(bytes).matchAll(suspect)) if (match.index < before) found.push(match.index)
  return found.sort((a, b) => a - b)
}
