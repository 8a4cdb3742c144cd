import { createHash } from 'node:crypto'

type Encodable =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly Encodable[]
  | { readonly [key: string]: Encodable }

const head = (major: number, length: number): Buffer => {
  if (length < 24) return Buffer.from([(major << 5) | length])
  const [info, bytes] = length < 256 ? [24, 1] : length < 65536 ? [25, 2] : [26, 4]
  const out = Buffer.alloc(1 + bytes)
  out[0] = (major << 5) | info
  out.writeUIntBE(length, 1, bytes)
  return out
}

/** CBOR of a value (RFC 8949), definite lengths, for tests. */
export const encodeCbor = (value: Encodable): Buffer => {
  if (value === null || typeof value === 'boolean') return Buffer.from([value === null ? 0xf6 : value ? 0xf5 : 0xf4])
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encodeCbor)])
  const entries = Object.entries(value)
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([k, v]) => [encodeCbor(k), encodeCbor(v)])])
}

export const box = (type: string, data: Uint8Array): Buffer => {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(8 + data.length)
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, data])
}

const superbox = (type: string, label: string, ...children: readonly Uint8Array[]): Buffer =>
  box(
    'jumb',
    Buffer.concat([
      box(
        'jumd',
        Buffer.concat([
          Buffer.from(type, 'latin1'),
          Buffer.from('00110010800000aa00389b71', 'hex'),
          Buffer.from([3]),
          Buffer.from(`${label}\0`),
        ]),
      ),
      ...children,
    ]),
  )

export interface AssertionFixture {
  readonly label: string
  readonly content: Encodable
  readonly json?: boolean
  /** Not in the claim. */
  readonly unlisted?: boolean
}

const assertionBox = ({ label, content, json }: AssertionFixture): Buffer =>
  json
    ? superbox('json', label, box('json', Buffer.from(JSON.stringify(content))))
    : superbox('cbor', label, box('cbor', encodeCbor(content)))

/** A manifest as C2PA 2.x lays it out: assertion store, claim (v2 unless asked), a signature box that signs nothing. */
export const manifestBox = (label: string, assertions: readonly AssertionFixture[], version: 1 | 2 = 2): Buffer => {
  const boxes = assertions.map(assertionBox)
  const references = assertions.flatMap(({ label, unlisted }, i) =>
    unlisted
      ? []
      : [
          {
            url: `self#jumbf=c2pa.assertions/${label}`,
            hash: createHash('sha256').update(boxes[i].subarray(8)).digest(),
          },
        ],
  )
  const claim: Encodable =
    version === 2
      ? { claim_generator_info: { name: 'fixture' }, created_assertions: references, alg: 'sha256' }
      : { claim_generator: 'fixture', assertions: references, alg: 'sha256' }
  return superbox(
    'c2ma',
    label,
    superbox('c2as', 'c2pa.assertions', ...boxes),
    superbox('c2cl', version === 2 ? 'c2pa.claim.v2' : 'c2pa.claim', box('cbor', encodeCbor(claim))),
    superbox('c2cs', 'c2pa.signature', box('cbor', encodeCbor(['no signature']))),
  )
}

export const storeBox = (...manifests: readonly Uint8Array[]): Buffer => superbox('c2pa', 'c2pa', ...manifests)

/** A JUMBF box in APP11 segments of at most `most` bytes of it each, in the order that `order` gives. */
export const app11 = (jumbf: Uint8Array, most = 200): Buffer => {
  const segments: Buffer[] = []
  const body = jumbf.subarray(8)
  for (let at = 0, packet = 1; at < body.length; at += most, packet++) {
    const part = body.subarray(at, at + most)
    const segment = Buffer.alloc(20)
    segment.writeUInt16BE(0xffeb)
    segment.writeUInt16BE(18 + part.length, 2)
    segment.write('JP', 4, 'latin1')
    segment.writeUInt16BE(1, 6)
    segment.writeUInt32BE(packet, 8)
    segment.set(jumbf.subarray(0, 8), 12)
    segments.push(segment, Buffer.from(part))
  }
  return Buffer.concat(segments)
}
