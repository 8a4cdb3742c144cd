import { type Content, damaged, latin1, readExactly, utf8, viewOf } from '../content.ts'
import { limits } from '../limits.ts'

/** A member as the central directory says, and where its own header stands. */
export interface ZipMember {
  readonly name: string
  readonly method: number
  readonly flags: number
  readonly crc: number
  readonly packedSize: number
  readonly size: number
  readonly offset: number
  /** Unix mode, 0 where none is given. */
  readonly mode: number
}

export interface ZipDirectory {
  readonly members: readonly ZipMember[]
  /** Bytes that stand before the archive proper: offsets in it are relative to there. */
  readonly shift: number
  readonly start: number
  readonly end: number
  /** What is odd about it, for the reader. */
  readonly oddities: readonly string[]
}

const signatures = { end: 'PK\x05\x06', end64: 'PK\x06\x06', locator64: 'PK\x06\x07', central: 'PK\x01\x02' } as const

/** Where the end record stands: the last one that is not cut off, as Python's zipfile looks for it. */
export const findZipEnd = (content: Content): number | undefined => {
  const length = Math.min(content.size, 22 + 65_535)
  const at = latin1(content.read(content.size - length, length)).lastIndexOf(signatures.end)
  return at < 0 || length - at < 22 ? undefined : content.size - length + at
}

const safe = (value: bigint): number => {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(`the size or offset ${value} is impossible`)
  return Number(value)
}

interface Extent {
  readonly size: number
  readonly offset: number
  readonly count: number
  /** Where the end records begin: the directory stands right before. */
  readonly before: number
}

const extentOf = (content: Content, end: number): Extent => {
  const view = viewOf(readExactly(content, end, 22))
  const plain = {
    count: view.getUint16(10, true),
    size: view.getUint32(12, true),
    offset: view.getUint32(16, true),
    before: end,
  }
  if (end < 20 || latin1(content.read(end - 20, 4)) !== signatures.locator64) return plain
  const declared = safe(viewOf(readExactly(content, end - 20, 20)).getBigUint64(8, true))
  // Archives with bytes before them keep offsets that are too small: the record then stands right before the locator.
  const at = [declared, end - 76].find((place) => place >= 0 && latin1(content.read(place, 4)) === signatures.end64)
  if (at === undefined) throw damaged('its zip64 end record is missing')
  const wide = viewOf(readExactly(content, at, 56))
  return {
    count: safe(wide.getBigUint64(32, true)),
    size: safe(wide.getBigUint64(40, true)),
    offset: safe(wide.getBigUint64(48, true)),
    before: at,
  }
}

/** 64-bit sizes stand in the extra field 1, in a fixed order, only those that are needed. */
const widened = (extra: Uint8Array, values: readonly number[]): readonly number[] => {
  const view = viewOf(extra)
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    let next = at + 4
    return values.map((value) => {
      if (value !== 0xffffffff || next + 8 > extra.length) return value
      next += 8
      return safe(view.getBigUint64(next - 8, true))
    })
  }
  return values
}

/**
 * The members of a zip archive as its directory lists them (PKWARE APPNOTE 6.3.10), duplicates and lies included: nothing
 * is refused here that a loader would accept. Throws DATA_CORRUPT where there is no directory to read.
 */
export const readZipDirectory = (content: Content): ZipDirectory => {
  const end = findZipEnd(content)
  if (end === undefined) throw damaged('it has no end record, so it is cut off or hidden')
  const { size, offset, count, before } = extentOf(content, end)
  const start = before - size >= 0 ? before - size : offset
  const shift = start - offset
  const oddities: string[] = []
  if (shift < 0) throw damaged('its directory lies beyond its end')
  if (size > limits.text) throw damaged(`its directory of ${size} bytes is beyond the limit`)
  const raw = readExactly(content, start, size)
  const view = viewOf(raw)
  const members: ZipMember[] = []
  let at = 0
  while (
    at + 46 <= size &&
    latin1(raw.subarray(at, at + 4)) === signatures.central &&
    members.length <= limits.members
  ) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true))
    const extraAt = at + 46 + nameLength!
    const next = extraAt + extraLength! + commentLength!
    if (next > size) break
    const [inflated, packedSize, local] = widened(
      raw.subarray(extraAt, extraAt + extraLength!),
      [24, 20, 42].map((field) => view.getUint32(at + field, true)),
    )
    members.push({
      name: utf8(raw.subarray(at + 46, extraAt)),
      method: view.getUint16(at + 10, true),
      flags: view.getUint16(at + 8, true),
      crc: view.getUint32(at + 16, true),
      packedSize: packedSize!,
      size: inflated!,
      offset: local!,
      mode: view.getUint32(at + 38, true) >>> 16,
    })
    at = next
  }
  if (at < size) oddities.push(`its directory breaks off after ${members.length} members`)
  if (members.length !== count && count !== 0xffff)
    oddities.push(`its end record counts ${count} members, the directory lists ${members.length}`)
  return { members, shift, start, end, oddities }
}
