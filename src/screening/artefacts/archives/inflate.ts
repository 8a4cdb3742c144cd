import { Readable } from 'node:stream'
import { createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import type { Content } from '../content.ts'
import type { Unpacked } from './unpack/unpack.ts'

const makers = { gzip: createGunzip, zlib: createInflate, raw: createInflateRaw } as const
/** Large chunks: each costs a turn of the event loop and of the thread pool. */
const chunkSize = 2 ** 18

/**
 * Inflates up to `limit` bytes. What came before damage or the limit is given too: a loader that reads on the way would
 * have seen it.
 */
export const inflate = async (packed: Content, kind: keyof typeof makers, limit: number): Promise<Unpacked> => {
  const transform = makers[kind]({ chunkSize })
  const source = Readable.from(chunksOf(packed))
  const chunks: Buffer[] = []
  let size = 0
  let limited = false
  let error: string | undefined
  source.pipe(transform)
  try {
    for await (const chunk of transform as AsyncIterable<Buffer>) {
      if (size + chunk.length > limit) {
        chunks.push(chunk.subarray(0, limit - size))
        limited = true
        break
      }
      chunks.push(chunk)
      size += chunk.length
    }
  } catch (cause) {
    error = cause instanceof Error ? cause.message : String(cause)
  }
  const used = transform.bytesWritten
  source.destroy()
  transform.destroy()
  return {
    bytes: Buffer.concat(chunks),
    used,
    complete: !limited && error === undefined,
    limited,
    ...(error && { error }),
  }
}

function* chunksOf(content: Content): Generator<Uint8Array> {
  const step = 65_536
  for (let at = 0; at < content.size; at += step) yield content.read(at, step)
}
