import { type Content, readExactly, utf8, viewOf } from '../content.ts'
import type { Artefact, ScanContext } from '../context.ts'
import { duplicateKeys, isRecord, parseJson } from './json-text.ts'
import { codeIn } from './suspicious-text.ts'

/** Bits of an element, by the names of the format. */
const bits: Readonly<Record<string, number>> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
  C64: 64,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
}

/** The format allows headers up to this size. */
const longestHeader = 100_000_000

/** Length of the header where a content begins like a safetensors file. */
export const safetensorsHeader = (content: Content): number | undefined => {
  if (content.size < 10) return undefined
  const head = readExactly(content, 0, 9)
  const length = viewOf(head).getBigUint64(0, true)
  return head[8] === 0x7b && length <= BigInt(longestHeader) && length >= 2n ? Number(length) : undefined
}

interface Span {
  readonly name: string
  readonly begin: number
  readonly end: number
}

const spanOf = (name: string, entry: unknown): Span | string => {
  if (!isRecord(entry)) return 'it is no object'
  const { dtype, shape, data_offsets: offsets } = entry
  const width = typeof dtype === 'string' && Object.hasOwn(bits, dtype) ? bits[dtype] : undefined
  if (width === undefined) return `its dtype ${JSON.stringify(dtype)?.slice(0, 40)} is unknown`
  if (!Array.isArray(shape) || !shape.every((side) => Number.isSafeInteger(side) && side >= 0))
    return 'its shape is none'
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every((at) => Number.isSafeInteger(at) && at >= 0))
    return 'its offsets are none'
  const [begin, end] = offsets as [number, number]
  const needed = Math.ceil((shape.reduce((product: number, side) => product * Number(side), 1) * width) / 8)
  return needed === end - begin ? { name, begin, end } : `it needs ${needed} bytes and has ${end - begin}`
}

/** Checks header, offsets, overlaps and holes (the rules of the format's own reader), and reads the metadata. */
export const scanSafetensors = (artefact: Artefact, context: ScanContext): void => {
  const { content } = artefact
  const bad = (item: string | undefined, message: string) =>
    context.report('safetensors-invalid', { artefact, ...(item && { item }) }, message)
  const length = safetensorsHeader(content)
  if (length === undefined || 8 + length > content.size) {
    bad(undefined, 'the length of its header is impossible')
    context.unscanned(artefact, 'its header can’t be read')
    return
  }
  const text = utf8(content.read(8, length))
  const header = parseJson(text)
  if (!isRecord(header)) {
    bad(undefined, 'its header is no JSON object')
    context.unscanned(artefact, 'its header can’t be read')
    return
  }
  for (const key of duplicateKeys(text)) bad(key.slice(0, 80), `the name "${key.slice(0, 80)}" is there twice`)
  const { __metadata__: metadata, ...tensors } = header
  const spans: Span[] = []
  for (const [name, entry] of Object.entries(tensors)) {
    const span = spanOf(name, entry)
    if (typeof span === 'string') bad(name.slice(0, 80), span)
    else spans.push(span)
  }
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end)
  let covered = 0
  for (const { name, begin, end } of spans) {
    if (begin < covered) bad(name, `its bytes overlap those before it`)
    if (begin > covered) bad(name, `${begin - covered} bytes before it belong to no tensor`)
    covered = Math.max(covered, end)
  }
  const data = content.size - 8 - length
  if (covered !== data) bad(undefined, `the tensors take ${covered} bytes, ${data} are there`)
  checkMetadata(artefact, metadata, context)
}

const checkMetadata = (artefact: Artefact, metadata: unknown, context: ScanContext): void => {
  if (metadata === undefined) return
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string'))
    context.report('safetensors-invalid', { artefact, item: '__metadata__' }, 'metadata must map texts to texts')
  for (const [key, value] of Object.entries(isRecord(metadata) ? metadata : {})) {
    const why = typeof value === 'string' ? codeIn(value) : undefined
    if (why !== undefined) context.report('suspicious-metadata', { artefact, item: key.slice(0, 80) }, why)
  }
}
