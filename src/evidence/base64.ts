/**
 * The bytes of standard base64 (RFC 4648 section 4) written in its one canonical way, else undefined: a decoder that
 * forgives loose padding bits would let a stored signature be changed without notice.
 */
export const decodeBase64 = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

export const encodeBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
