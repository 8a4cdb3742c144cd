import { type Content, hasAt, latin1, partOf, viewOf, windowsOf } from '../content.ts'
import { type Artefact, partNamed, type ScanContext } from '../context.ts'
import { limits } from '../limits.ts'
import { findPickles } from '../pickle/looks-like-pickle.ts'
import { scanPickle } from '../pickle/scan-pickle.ts'
import { parseJson } from './json-text.ts'
import { scanKerasConfig } from './keras-config.ts'

const mostParsed = 10_000
/** Characters that are read in search of an object's end, in all: each beginning may lead on to the end of the file. */
const mostRead = 512 * 2 ** 20
const mostPickles = 100
const signature = '\x89HDF\r\n\x1a\n'

/** Where the superblock stands: at 0, 512, 1024, 2048 … (HDF5 File Format Specification 3.0, II.A). */
export const findHdf5 = (content: Content): number | undefined => {
  for (let at = 0; at + 8 <= content.size && at < 2 ** 32; at = at === 0 ? 512 : at * 2)
    if (hasAt(content, at, signature)) return at
  return undefined
}

/** What is wrong with the superblock at `at`; undefined where version, widths and the end of the file agree. */
const superblockFault = (content: Content, at: number): string | undefined => {
  const head = content.read(at, 96)
  const version = head[8]
  if (version === undefined || version > 3) return `its superblock has the version ${version}`
  const [offsetWidth, lengthWidth] = version < 2 ? [head[13], head[14]] : [head[9], head[10]]
  if (![2, 4, 8].includes(offsetWidth ?? 0) || ![2, 4, 8].includes(lengthWidth ?? 0))
    return `its superblock gives widths of ${offsetWidth} and ${lengthWidth} bytes`
  if (offsetWidth !== 8) return undefined
  // Base address, free space or extension, end of file: the third address.
  const addresses = version < 2 ? (version === 0 ? 24 : 28) : 12
  if (head.length < addresses + 24) return 'its superblock is cut off'
  const view = viewOf(head)
  const end = view.getBigUint64(addresses + 16, true)
  return end > BigInt(content.size) ? `it declares ${end} bytes, ${content.size} are there` : undefined
}

/** Any object: the first key may be one of no meaning, or be spelt with escapes. */
const beginning = /\{\s{0,64}"(?=[\x20-\x7e]{1,200}?"\s{0,64}:)/g
const textualSigns = /"class_name"\s*:\s*"(?:Lambda|TFSMLayer|__lambda__)"|"(?:enable_unsafe_deserialization)"/

/** How many characters may still be read. */
interface Budget {
  left: number
}

/** The JSON object that begins at `at`, as text; undefined where its brackets don't close or the budget is used up. */
const jsonAt = (content: Content, at: number, budget: Budget): string | undefined => {
  let depth = 0
  let inText = false
  let text = ''
  for (const { bytes } of windowsOf(content, at, at + limits.text, 0)) {
    const part = latin1(bytes)
    for (let i = 0; i < part.length; i++) {
      const char = part[i]
      if (budget.left-- <= 0) return undefined
      if (char === '\\' && inText) i++
      else if (char === '"') inText = !inText
      else if (!inText && char === '{') depth++
      else if (!inText && char === '}' && --depth === 0)
        return Buffer.from(text + part.slice(0, i + 1), 'latin1').toString('utf8')
      else if (char === '\0') return undefined
    }
    text += part
  }
  return undefined
}

/**
 * Checks the superblock, and looks for configurations of Keras: they are stored as one run of JSON text. That is a
 * search of the bytes, not a walk of the file's structure, which takes an HDF5 library: a configuration that is split or
 * compressed is found by its words only, or not at all.
 */
export const scanHdf5 = async (artefact: Artefact, context: ScanContext): Promise<void> => {
  const { content } = artefact
  const at = findHdf5(content)
  if (at === undefined) {
    context.unscanned(artefact, 'it has no HDF5 superblock')
    return
  }
  const fault = superblockFault(content, at)
  if (fault !== undefined) context.report('hdf5-invalid', { artefact, byte: at }, fault)
  const budget: Budget = { left: mostRead }
  const parsed: { readonly start: number; readonly end: number }[] = []
  for (const { at: windowAt, bytes } of windowsOf(content, 0, content.size, 64)) {
    const text = latin1(bytes)
    if (!text.includes('"')) continue
    for (const { index } of text.matchAll(beginning)) {
      const start = windowAt + index
      if (start < (parsed.at(-1)?.end ?? 0) || parsed.length > mostParsed) continue
      const json = jsonAt(content, start, budget)
      const value = json === undefined ? undefined : parseJson(json)
      if (value === undefined) continue
      parsed.push({ start, end: start + Buffer.byteLength(json!) })
      scanKerasConfig(value, artefact, context)
    }
    const loose = textualSigns.exec(unescaped(without(text, windowAt, parsed)))
    if (loose !== null)
      context.report('keras-lambda', { artefact, byte: windowAt + loose.index }, `its bytes hold ${loose[0]}`)
  }
  if (budget.left <= 0 || parsed.length > mostParsed)
    context.unscanned(artefact, 'it holds too many beginnings of configurations to read them all')
  // Attributes of PyTables and pandas are pickles, and their readers load them.
  const { places } = findPickles(content, 0, content.size, mostPickles)
  for (const [i, start] of places.entries()) {
    const part = partOf(content, start, (places[i + 1] ?? content.size) - start)
    await scanPickle(partNamed(artefact, `bytes at ${start}`, part), context)
  }
}

/** The text of a window with spaces in place of what was parsed. */
const without = (
  text: string,
  windowAt: number,
  parsed: readonly { readonly start: number; readonly end: number }[],
): string =>
  parsed.reduce((left, { start, end }) => {
    const [from, to] = [start - windowAt, end - windowAt].map((at) => Math.max(0, Math.min(text.length, at)))
    return from === to ? left : left.slice(0, from) + ' '.repeat(to! - from!) + left.slice(to)
  }, text)

/** Letters written as escapes, as JSON allows. */
const unescaped = (text: string): string =>
  text.replace(/\\u00([2-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
