import { type Content, viewOf } from '../../content.ts'
import type { Input } from './input.ts'

const isSkippable = (head: Uint8Array): boolean =>
  (head[0]! & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18

const magics = Array.from({ length: 16 }, (_, i) => `${String.fromCharCode(0x50 + i)}\x2a\x4d\x18`)

/** Steps over frames that LZ4 and Zstandard share for data of the user (RFC 8878, 3.1.2). */
export const skipFrames = (input: Input): void => {
  while ((input.peek() ?? 0) >> 4 === 5 && magics.some((magic) => input.startsWith(magic))) {
    input.take(4)
    let left = input.u32()
    for (; left > 0; left -= Math.min(left, 2 ** 20)) input.take(Math.min(left, 2 ** 20))
  }
}

const mostSkipped = 1000

/** Where the first frame begins that is not skippable; 0 where the content begins otherwise. */
export const afterSkippable = (content: Content): number => {
  let at = 0
  for (let i = 0; i < mostSkipped; i++) {
    const head = content.read(at, 8)
    if (head.length < 8 || !isSkippable(head)) break
    at += 8 + viewOf(head).getUint32(4, true)
  }
  return at
}
