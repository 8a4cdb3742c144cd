import { type Content, hasAt, latin1, viewOf, windowsOf } from '../content.ts'
import type { Artefact, ScanContext } from '../context.ts'
import { limits } from '../limits.ts'
import { parseJson } from './json-text.ts'
import { isKerasConfig, scanKerasConfig } from './keras-config.ts'

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

const beginnings = ['{"class_name"', '{"module"', '{"config"', '{"name"', '{"registered_name"', '{"backend"']
const textualSigns = /"class_name"\s*:\s*"(?:Lambda|TFSMLayer|__lambda__)"|"(?:enable_unsafe_deserialization)"/

/** The JSON object that begins at `at`, as text; undefined where its brackets don't close. */
const jsonAt = (content: Content, at: number): string | undefined => {
  let depth = 0
  let inText = false
  let text = ''
  for (const { bytes } of windowsOf(content, at, at + limits.text, 0)) {
    const part = latin1(bytes)
    for (let i = 0; i < part.length; i++) {
      const char = part[i]
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
export const scanHdf5 = (artefact: Artefact, context: ScanContext): void => {
  const { content } = artefact
  const at = findHdf5(content)
  if (at === undefined) {
    context.unscanned(artefact, 'it has no HDF5 superblock')
    return
  }
  const fault = superblockFault(content, at)
  if (fault !== undefined) context.report('hdf5-invalid', { artefact, byte: at }, fault)
  let parsedTo = 0
  let parsed = 0
  for (const { at: windowAt, bytes } of windowsOf(content, 0, content.size, 64)) {
    const text = latin1(bytes)
    if (!text.includes('"')) continue
    for (const place of placesOf(text)) {
      const start = windowAt + place
      if (start < parsedTo || parsed > 10_000) continue
      const json = jsonAt(content, start)
      const value = json === undefined ? undefined : parseJson(json)
      if (value === undefined) continue
      parsed++
      parsedTo = start + Buffer.byteLength(json!)
      if (isKerasConfig(value) || json!.includes('"class_name"')) scanKerasConfig(value, artefact, context)
    }
    const loose = textualSigns.exec(text)
    if (loose !== null && windowAt + loose.index >= parsedTo)
      context.report('keras-lambda', { artefact, byte: windowAt + loose.index }, `its bytes hold ${loose[0]}`)
  }
}

const placesOf = (text: string): readonly number[] => {
  const places: number[] = []
  for (const beginning of beginnings)
    for (let i = text.indexOf(beginning); i >= 0 && places.length < 10_000; i = text.indexOf(beginning, i + 1))
      places.push(i)
  return places.sort((a, b) => a - b)
}
