import { type Content, damaged, readExactly, utf8, viewOf } from '../content.ts'
import type { Artefact, ScanContext } from '../context.ts'
import { codeIn } from './suspicious-text.ts'
import { checkTemplate } from './template.ts'

/** Bytes of a value by its type; 8 is a text, 9 a list. */
const sizes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 }
const longestText = 16 * 2 ** 20
const longestName = 65_535
const mostEntries = 10_000_000
const mostDimensions = 8

/** Reads forward; every length is checked against the file before it is used. */
const cursorOf = (content: Content, version: number) => {
  let at = 8
  const advance = (bytes: number): number => {
    const from = at
    if (bytes > content.size - at) throw damaged(`it declares ${bytes} bytes at byte ${at}, more than there are`)
    at += bytes
    return from
  }
  const u32 = (): number => viewOf(readExactly(content, advance(4), 4)).getUint32(0, true)
  const u64 = (): number => Number(viewOf(readExactly(content, advance(8), 8)).getBigUint64(0, true))
  // Version 1 counted with 32 bits.
  const count = version === 1 ? u32 : u64
  const text = (longest: number): string | undefined => {
    const length = count()
    const from = advance(length)
    return length <= longest ? utf8(content.read(from, length)) : undefined
  }
  return { u32, u64, count, text, advance, position: () => at }
}

type Cursor = ReturnType<typeof cursorOf>

const skipValue = (cursor: Cursor, type: number, depth: number): void => {
  if (type === 8) cursor.text(0)
  else if (type === 9) {
    if (depth > 4) throw damaged('its lists nest too deep')
    const inner = cursor.u32()
    const length = cursor.count()
    const size = sizes[inner]
    if (size !== undefined) cursor.advance(size * length)
    else if (length > mostEntries) throw damaged(`it declares a list of ${length} values`)
    else for (let i = 0; i < length; i++) skipValue(cursor, inner, depth + 1)
  } else if (sizes[type] === undefined) throw damaged(`a value has the unknown type ${type}`)
  else cursor.advance(sizes[type])
}

const isTemplate = (key: string): boolean => key.includes('chat_template')

/** The texts of a value that are to be checked; undefined stands for one that is too long. The value is stepped over. */
const textsOf = (cursor: Cursor, type: number, key: string): readonly (string | undefined)[] => {
  if (type === 8) return [cursor.text(longestText)]
  if (type !== 9 || !isTemplate(key)) {
    skipValue(cursor, type, 0)
    return []
  }
  const inner = cursor.u32()
  const length = cursor.count()
  if (length > mostEntries) throw damaged(`it declares a list of ${length} values`)
  return Array.from({ length }, () => textsOf(cursor, inner, key)).flat()
}

/** Walks header, metadata and tensor list of a GGUF file (versions 1 to 3); chat templates are checked. */
export const scanGguf = (artefact: Artefact, context: ScanContext): void => {
  const { content } = artefact
  const bad = (message: string) => context.report('gguf-invalid', { artefact }, message)
  const version = viewOf(readExactly(content, 4, 4)).getUint32(0, true)
  if (version < 1 || version > 3) {
    bad(`its version is ${version}`)
    context.unscanned(artefact, 'its version is unknown')
    return
  }
  try {
    walk(artefact, cursorOf(content, version), context)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    bad(why)
    context.unscanned(artefact, why)
  }
}

const walk = (artefact: Artefact, cursor: Cursor, context: ScanContext): void => {
  const tensors = cursor.count()
  const entries = cursor.count()
  if (tensors > mostEntries || entries > mostEntries)
    throw damaged(`it declares ${tensors} tensors and ${entries} entries`)
  for (let i = 0; i < entries; i++) {
    const key = cursor.text(longestName)
    if (key === undefined) throw damaged(`entry ${i} has a name that is too long`)
    for (const value of textsOf(cursor, cursor.u32(), key))
      if (value === undefined) context.unscanned(artefact, `the text of "${key}" is too long to read`)
      else checkText(artefact, key, value, context)
  }
  for (let i = 0; i < tensors; i++) {
    const name = cursor.text(longestName)
    const dimensions = cursor.u32()
    if (name === undefined || dimensions > mostDimensions)
      throw damaged(`tensor ${i} has an impossible name or ${dimensions} dimensions`)
    for (let side = 0; side < dimensions; side++) cursor.count()
    cursor.u32()
    const offset = cursor.u64()
    if (offset > artefact.content.size)
      context.report('gguf-invalid', { artefact, item: name.slice(0, 80) }, `its data at ${offset} lie beyond the end`)
  }
}

const checkText = (artefact: Artefact, key: string, value: string, context: ScanContext): void => {
  const place = { artefact, item: key.slice(0, 80) }
  if (isTemplate(key)) {
    checkTemplate(value, place, context)
    return
  }
  const why = key.startsWith('general.') ? codeIn(value) : undefined
  if (why !== undefined) context.report('suspicious-metadata', place, why)
}
