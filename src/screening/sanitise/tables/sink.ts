import { createHash } from 'node:crypto'
import type { AtomicFile } from '../../../data/atomic-file.ts'

/** Text on its way into a file, in blocks, and its digest. */
export interface TextSink {
  readonly write: (text: string) => void
  /** Passes on what has gathered; to be awaited now and then, so that memory stays bounded. */
  readonly flush: (atLeast?: number) => Promise<void>
  readonly sha256: () => string
}

/** `file` undefined: counts and digests only. */
export const textSink = (file: AtomicFile | undefined): TextSink => {
  const hash = createHash('sha256')
  let parts: string[] = []
  let length = 0
  return {
    write(text) {
      parts.push(text)
      length += text.length
    },
    async flush(atLeast = 0) {
      if (length < atLeast || length === 0) return
      const bytes = Buffer.from(parts.join(''))
      parts = []
      length = 0
      hash.update(bytes)
      await file?.write(bytes)
    },
    sha256: () => hash.digest('hex'),
  }
}

export const blockLength = 2 ** 18
