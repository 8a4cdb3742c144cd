import { brokenManifest } from './cbor.ts'

/** A superbox of JUMBF (ISO/IEC 19566-5): what it is, its label, and what is in it. */
export interface Superbox {
  /** First four bytes of its type's UUID; C2PA and JUMBF have four letters there: c2pa, c2ma, c2as, c2cl, cbor, json. */
  readonly type: string
  readonly label: string
  readonly children: readonly Superbox[]
  /** Content that is no superbox, by box type. */
  readonly contents: readonly { readonly type: string; readonly data: Uint8Array }[]
  /** Its description and content boxes, without its own header: what C2PA hashes. */
  readonly payload: Uint8Array
}

const deepest = 12
/** Every type that C2PA uses ends like this; the first four bytes are letters. */
const typeEnd = '00110010800000aa00389b71'

interface Box {
  readonly type: string
  readonly data: Uint8Array
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

const boxesOf = (bytes: Uint8Array): readonly Box[] => {
  const boxes: Box[] = []
  const view = viewOf(bytes)
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < 8) throw brokenManifest('a box of its JUMBF is cut off')
    const short = view.getUint32(at)
    if (short === 1 && bytes.length - at < 16) throw brokenManifest('a box of its JUMBF is cut off')
    const header = short === 1 ? 16 : 8
    // 0: up to the end of what holds it. 1: a length of eight bytes follows.
    const length = short === 0 ? bytes.length - at : short === 1 ? Number(view.getBigUint64(at + 8)) : short
    if (length < header || length > bytes.length - at) throw brokenManifest('a box of its JUMBF has a wrong length')
    boxes.push({ type: latin(bytes.subarray(at + 4, at + 8)), data: bytes.subarray(at + header, at + length) })
    at += length
  }
  return boxes
}

const describedBy = (data: Uint8Array): Pick<Superbox, 'type' | 'label'> => {
  if (data.length < 17) throw brokenManifest('a description of its JUMBF is cut off')
  const type = Buffer.from(data.subarray(4, 16)).toString('hex') === typeEnd ? latin(data.subarray(0, 4)) : ''
  if ((data[16] & 2) === 0) return { type, label: '' }
  const end = data.indexOf(0, 17)
  if (end < 0) throw brokenManifest('a label of its JUMBF has no end')
  return { type, label: Buffer.from(data.subarray(17, end)).toString('utf8') }
}

const superboxOf = (payload: Uint8Array, depth: number): Superbox => {
  if (depth > deepest) throw brokenManifest(`its JUMBF is nested deeper than ${deepest} levels`)
  const [description, ...others] = boxesOf(payload)
  if (description?.type !== 'jumd') throw brokenManifest('a superbox of its JUMBF does not begin with a description')
  return {
    ...describedBy(description.data),
    children: others.filter(({ type }) => type === 'jumb').map(({ data }) => superboxOf(data, depth + 1)),
    contents: others.filter(({ type }) => type !== 'jumb'),
    payload,
  }
}

/** The manifest store in bytes of JUMBF. Throws DATA_FORMAT_UNSUPPORTED. */
export const readJumbf = (bytes: Uint8Array): Superbox => {
  const store = boxesOf(bytes)
    .filter(({ type }) => type === 'jumb')
    .map(({ data }) => superboxOf(data, 0))
    .find(({ type, label }) => type === 'c2pa' || label === 'c2pa')
  if (store === undefined) throw brokenManifest('its JUMBF holds no manifest store')
  return store
}
