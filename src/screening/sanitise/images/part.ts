import { BartizanError } from '../../../base/errors.ts'

/** A stretch of an image file. */
export interface ImagePart {
  readonly start: number
  readonly end: number
  /** `picture`: needed to show it. `metadata`: about it. `trailer`: behind its end. */
  readonly role: 'picture' | 'metadata' | 'trailer'
  /** `exif`, `xmp`, `comment`, … of what isn't the picture. */
  readonly rule?: string
  /** What takes its place when it is removed; nothing without. */
  readonly instead?: Uint8Array
}

/** An image file taken apart; its parts follow one another and cover it. Nothing is decoded. */
export interface ImageParts {
  readonly width: number
  readonly height: number
  readonly parts: readonly ImagePart[]
  /** Brings header fields into line (sizes, flags) once parts are gone. */
  readonly finish?: (bytes: Uint8Array) => Uint8Array
}

export const brokenImage = (path: string, why: string): BartizanError =>
  new BartizanError('DATA_CORRUPT', `${path} is a damaged image: ${why}`, {
    hint: 'replace or remove it, or copy it again',
    data: { path },
  })

export const ascii = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end)

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
