import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { BartizanError } from '../../../base/errors.ts'
import { writeError } from '../../../base/system-error.ts'
import { openInput } from '../../../data/files.ts'

/** Where the digest stands until it is known, and what stands there when it is taken. */
export const unsealed = '0'.repeat(64)

const mark = '"kind":"bartizan-validation-state","stateVersion":'
const member = '"sha256":"'
/** Bytes that the metadata of a Parquet file may take. */
const mostFooter = 1 << 28

/** The place of the digest in the file. */
interface Seal {
  readonly at: number
  readonly digest: string
}

const damaged = (path: string, why: string): BartizanError =>
  new BartizanError('DATA_CORRUPT', `${path} is no sound state of a validation: ${why}`, {
    hint: 'bartizan data validate FILE --schema SCHEMA --partial STATE writes it anew',
    data: { path },
  })

/** A Parquet file ends with its metadata, their length in 4 bytes, and "PAR1". */
const findSeal = async (path: string): Promise<Seal> => {
  const handle = await openInput(path)
  try {
    const { size } = await handle.stat()
    const read = async (from: number, length: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from)
      if (bytesRead !== length) throw damaged(path, 'it ends too early')
      return buffer
    }
    if (size < 12) throw damaged(path, 'it ends too early')
    const end = await read(size - 8, 8)
    const length = end.readUInt32LE(0)
    if (end.toString('latin1', 4) !== 'PAR1' || length > Math.min(size - 12, mostFooter))
      throw damaged(path, 'it is no Parquet file')
    const from = size - 8 - length
    const footer = await read(from, length)
    const start = footer.indexOf(mark)
    const at = start === -1 ? -1 : footer.indexOf(member, start)
    const digest = at === -1 ? '' : footer.toString('latin1', at + member.length, at + member.length + 64)
    if (!/^[0-9a-f]{64}$/.test(digest)) throw damaged(path, 'it has no digest')
    return { at: from + at + member.length, digest }
  } finally {
    await handle.close()
  }
}

/** SHA-256 of the file with zeros in place of its digest. */
const digestWithout = async (path: string, at: number): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { end: at - 1 })) hash.update(chunk)
  hash.update(unsealed)
  for await (const chunk of createReadStream(path, { start: at + unsealed.length })) hash.update(chunk)
  return hash.digest('hex')
}

/** Puts the digest of a state that was just written into it. Throws FILE_UNWRITABLE. */
export const seal = async (path: string): Promise<void> => {
  const { at } = await findSeal(path)
  const digest = await digestWithout(path, at)
  const handle = await open(path, 'r+')
  try {
    await handle.write(digest, at, 'latin1')
  } catch (error) {
    throw writeError(path, error)
  } finally {
    await handle.close()
  }
}

/** Throws DATA_CORRUPT where the file is no state, or not the bytes that were written. */
export const requireSealed = async (path: string): Promise<void> => {
  const { at, digest } = await findSeal(path)
  if ((await digestWithout(path, at)) !== digest) throw damaged(path, 'its bytes are not those that were written')
}
