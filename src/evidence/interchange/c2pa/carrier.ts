import { brokenManifest } from './cbor.ts'

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const latin = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.subarray(from, to)).toString('latin1')

const pngMagic = '\x89PNG\r\n\x1a\n'

/** The chunk "caBX" of a PNG. */
const fromPng = (bytes: Uint8Array): readonly Uint8Array[] => {
  const found: Uint8Array[] = []
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = viewOf(bytes).getUint32(at)
    if (at + 12 + length > bytes.length) throw brokenManifest('a chunk of the PNG goes beyond its end')
    if (latin(bytes, at + 4, at + 8) === 'caBX') found.push(bytes.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  return found
}

/**
 * APP11 segments of a JPEG, joined: "JP", number of the box (2 bytes), number of the packet (4), then the box; packets
 * after the first repeat its header of eight bytes (ISO/IEC 19566-5, annex D; JPEG XT).
 */
const fromJpeg = (bytes: Uint8Array): readonly Uint8Array[] => {
  const boxes = new Map<number, { readonly packet: number; readonly data: Uint8Array }[]>()
  const view = viewOf(bytes)
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda; ) {
    const end = at + 2 + view.getUint16(at + 2)
    if (end > bytes.length) throw brokenManifest('a segment of the JPEG goes beyond its end')
    if (bytes[at + 1] === 0xeb && end - at >= 20 && latin(bytes, at + 4, at + 6) === 'JP') {
      const [box, packet] = [view.getUint16(at + 6), view.getUint32(at + 8)]
      boxes.set(box, [...(boxes.get(box) ?? []), { packet, data: bytes.subarray(at + 12, end) }])
    }
    at = end
  }
  return [...boxes.values()].map((packets) =>
    Buffer.concat(
      [...packets].sort((a, b) => a.packet - b.packet).map(({ data }, i) => (i === 0 ? data : data.subarray(8))),
    ),
  )
}

/** Bytes of JUMBF in a sidecar (.c2pa), a JPEG or a PNG; undefined where the file is none of them. */
export const jumbfIn = (bytes: Uint8Array): Uint8Array | undefined => {
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8
  if (!isJpeg && latin(bytes, 0, 8) !== pngMagic) return latin(bytes, 4, 8) === 'jumb' ? bytes : undefined
  const boxes = isJpeg ? fromJpeg(bytes) : fromPng(bytes)
  const isStore = (box: Uint8Array): boolean => latin(box, 4, 8) === 'jumb' && latin(box, 16, 20) === 'c2pa'
  const store = boxes.find(isStore)
  if (store === undefined) throw brokenManifest(`the ${isJpeg ? 'JPEG' : 'PNG'} carries none`)
  return store
}
