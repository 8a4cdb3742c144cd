/** Bytes from Latin-1 text, numbers and other bytes. */
export const bytes = (...parts: readonly (string | number | Uint8Array)[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part, 'latin1') : typeof part === 'number' ? Uint8Array.of(part) : part,
    ),
  )

const little =
  (width: number) =>
  (value: number | bigint): Uint8Array => {
    const out = new Uint8Array(width)
    let rest = BigInt(value)
    for (let i = 0; i < width; i++, rest >>= 8n) out[i] = Number(rest & 255n)
    return out
  }

export const u16 = little(2)
export const u32 = little(4)
export const u64 = little(8)
export const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
