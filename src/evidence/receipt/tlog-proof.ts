import { BartizanError } from '../../base/errors.ts'
import { decodeBase64, encodeBase64 } from '../base64.ts'
import { type Hash, hashLength } from '../merkle.ts'

// C2SP tlog-proof v1: one text file that shows, offline, that an entry is in a log.

const firstLine = 'c2sp.org/tlog-proof@v1'
/** Ends the name of such a file. */
export const proofSuffix = '.tlog-proof'

export interface TlogProof {
  /** Whatever the application needs besides; the proof does not vouch for it. */
  readonly extra: Uint8Array | undefined
  /** Position of the entry in the log, from 0. */
  readonly index: number
  /** RFC 6962 audit path from the leaf's sibling upwards. */
  readonly hashes: readonly Hash[]
  /** The log's signed head with its cosignatures, as it was issued. */
  readonly checkpoint: Uint8Array
}

/** The file's content. */
export const formatProof = ({ extra, index, hashes, checkpoint }: TlogProof): Uint8Array => {
  const lines = [
    firstLine,
    ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(encodeBase64),
    '',
    '',
  ]
  return Buffer.concat([Buffer.from(lines.join('\n')), checkpoint])
}

const malformed = (problem: string): BartizanError =>
  new BartizanError('EVIDENCE_INVALID', `the receipt ${problem}`, { hint: 'see c2sp.org/tlog-proof for its lines' })

/** Proofs are at most 64 hashes long; with a large envelope beside them a receipt stays far below this. */
const maximumBytes = 1 << 20
const maximumHashes = 64

/** Reads a file's content without verifying it. Throws EVIDENCE_INVALID. */
export const parseProof = (bytes: Uint8Array): TlogProof => {
  if (bytes.length > maximumBytes) throw malformed(`is ${bytes.length} bytes long, over ${maximumBytes}`)
  const content = Buffer.from(bytes)
  const end = content.indexOf('\n\n')
  if (end < 0) throw malformed('holds no checkpoint')
  const [first, ...lines] = content.subarray(0, end).toString('latin1').split('\n')
  if (first !== firstLine) throw malformed(`does not begin with ${firstLine}`)
  const extraLine = lines[0]?.startsWith('extra ') ? lines.shift() : undefined
  const extra = extraLine === undefined ? undefined : decodeBase64(extraLine.slice('extra '.length))
  if (extraLine !== undefined && (extra === undefined || extra.length === 0))
    throw malformed('has a malformed extra line')
  const [, index] = /^index (0|[1-9]\d{0,14})$/.exec(lines.shift() ?? '') ?? []
  if (index === undefined) throw malformed('gives no index')
  if (lines.length > maximumHashes) throw malformed(`has ${lines.length} hashes, over ${maximumHashes}`)
  const hashes = lines.map((line) => {
    const hash = decodeBase64(line)
    if (hash?.length !== hashLength) throw malformed(`has "${line}" in place of a hash`)
    return hash
  })
  return { extra, index: Number(index), hashes, checkpoint: content.subarray(end + 2) }
}
