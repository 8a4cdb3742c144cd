import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { BartizanError } from '../../../base/errors.ts'
import type { HardBinding } from './c2pa-read.ts'

/** Feeds a chunk that begins at `offset`, without what lies in the ranges. */
const outside = (
  chunk: Uint8Array,
  offset: number,
  ranges: HardBinding['exclusions'],
  feed: (part: Uint8Array) => void,
): void => {
  let at = offset
  const end = offset + chunk.length
  for (const { start, length } of ranges) {
    if (start + length <= at || start >= end) continue
    if (start > at) feed(chunk.subarray(at - offset, start - offset))
    at = Math.max(at, start + length)
  }
  if (at < end) feed(chunk.subarray(at - offset))
}

/** Compares a file with the digest that its manifest gives of it (c2pa.hash.data). Throws EVIDENCE_INVALID. */
export const checkBinding = async (binding: HardBinding, path: string): Promise<void> => {
  const ranges = [...binding.exclusions].sort((a, b) => a.start - b.start)
  const hash = createHash(binding.algorithm)
  let offset = 0
  for await (const chunk of createReadStream(path)) {
    const bytes: Buffer = chunk
    outside(bytes, offset, ranges, (part) => hash.update(part))
    offset += bytes.length
  }
  const found = hash.digest('hex')
  if (found !== binding.digest)
    throw new BartizanError('EVIDENCE_INVALID', `${path} is not the asset that its C2PA manifest is of`, {
      hint: 'it was changed after the manifest was made, or the manifest is of another file',
      data: { path, algorithm: binding.algorithm, claimed: binding.digest, found },
    })
}
