// model_signing 0.2 formatted the payload's bytes into a Python string, so that their repr() was signed.

const escapes: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' }

/** Python's repr() of bytes: b'…', in double quotes where there are single ones and no double ones. */
const pythonBytes = (bytes: Uint8Array): string => {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'"
  const text = Array.from(bytes, (byte) => {
    if (byte === quote.charCodeAt(0)) return `\\${quote}`
    if (escapes[byte] !== undefined) return escapes[byte]
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  })
  return `b${quote}${text.join('')}${quote}`
}

/** What model_signing 0.2 signed in place of DSSE's encoding. */
export const legacyEncoding = (payloadType: string, payload: Uint8Array): Uint8Array =>
  Buffer.from(`DSSEV1 ${payloadType.length} ${payloadType} ${payload.length} ${pythonBytes(payload)}`)
