import { latin1 } from '../content.ts'

export interface NpyHeader {
  /** Where the data begin. */
  readonly start: number
  readonly holdsObjects: boolean
  /** Bytes of the data, where dtype and shape tell. */
  readonly dataSize: number | undefined
}

const itemSize = (descr: string): number | undefined => {
  const match = /^'[<>|=]?([a-zA-Z?])(\d*)(?:\[\w+\])?'$/.exec(descr)
  if (match === null) return undefined
  const size = Number(match[2] === '' ? (match[1] === '?' ? 1 : Number.NaN) : match[2])
  return match[1] === 'U' ? size * 4 : size
}

/** Types of numbers, texts and bytes, as NumPy writes them. */
const plainType = /^[<>|=]?[biufcSUVmMa?]\d*(?:\[\w+\])?$/

/**
 * Whether a dtype can hold Python objects: every text in it that is no field's name must be a type of numbers or text,
 * since NumPy also takes "object", "f8,O", texts in parts and more.
 */
const mayHoldObjects = (descr: string): boolean => {
  // A field with a title has a pair for a name: (('title', 'name'), '<f8').
  const untitled = descr.replace(/\(\s*('[^']*')\s*,\s*'[^']*'\s*\)(?=\s*,\s*['"[])/g, '($1')
  const texts = [...untitled.matchAll(/(\(\s*)?(?:'([^']*)'|"([^"]*)")/g)]
  const types = texts
    .filter(([, opening]) => opening === undefined)
    .map(([, , single, double]) => single ?? double ?? '')
  return descr.includes('\\') || types.length === 0 || !types.every((type) => plainType.test(type))
}

const entries = {
  descr: /['"]descr['"]\s*:\s*([\s\S]*?)\s*(?:,\s*(?=['"](?:fortran_order|shape)['"])|,?\s*(?=\}\s*$))/,
  order: /['"]fortran_order['"]\s*:\s*(?:True|False|0|1)\s*,?/,
  shape: /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)\s*,?/,
} as const

/** The header of the npy format, versions 1 to 3, from the first bytes of a file; undefined where there is none. */
export const parseNpyHeader = (head: Uint8Array): NpyHeader | undefined => {
  if (head.length < 12 || latin1(head.subarray(0, 6)) !== '\x93NUMPY') return undefined
  const isFirst = head[6] === 1
  const length = isFirst
    ? head[8]! + head[9]! * 256
    : head[8]! + head[9]! * 256 + head[10]! * 65536 + head[11]! * 2 ** 24
  const start = (isFirst ? 10 : 12) + length
  if (head[6]! < 1 || head[6]! > 3 || start > head.length) return undefined
  const text = latin1(head.subarray(isFirst ? 10 : 12, start))
  const descr = entries.descr.exec(text)?.[1]
  const shape = entries.shape.exec(text)?.[1]
  if (descr === undefined || shape === undefined) return undefined
  const sides = shape
    .split(',')
    .map((side) => side.replace(/[\sL]/g, ''))
    .filter((side) => side !== '')
  const size = sides.reduce((product, side) => product * Number(side), itemSize(descr) ?? Number.NaN)
  // A second entry of the same name would be the one that counts.
  const rest = Object.values(entries).reduce((left, entry) => left.replace(entry, ''), text)
  return {
    start,
    holdsObjects: mayHoldObjects(descr) || !/^\s*\{[\s,]*\}[\s\0]*$/.test(rest),
    dataSize: Number.isSafeInteger(size) ? size : undefined,
  }
}

/** Whether bytes begin with the header of an array without Python objects. */
export const isPlainArray = (head: Uint8Array): boolean => parseNpyHeader(head)?.holdsObjects === false
