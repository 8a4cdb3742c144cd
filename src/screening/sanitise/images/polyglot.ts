/** What else a file may be taken for: signatures that other programs look for anywhere in it. */
const anywhere: readonly (readonly [string, string])[] = [
  ['php', '<?php'],
  ['html', '<script'],
  ['html', '<html'],
  ['pdf', '%PDF-'],
]
/** Too short to mean anything within compressed data; looked for in what isn't the picture. */
const outside: readonly (readonly [string, string])[] = [
  ...anywhere,
  ['zip', 'PK\u0003\u0004'],
  ['zip', 'PK\u0005\u0006'],
  ['rar', 'Rar!\u001a\u0007'],
  ['7z', '7z\u00bc\u00af\u0027\u001c'],
  ['elf', '\u007fELF'],
]

export interface Signature {
  readonly rule: string
  readonly start: number
  readonly end: number
}

/** Signatures of other formats in bytes `start` to `end`; `isPicture`: only those that no picture holds by chance. */
export const signaturesIn = (
  bytes: Uint8Array,
  start: number,
  end: number,
  isPicture: boolean,
): readonly Signature[] => {
  const part = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
  return (isPicture ? anywhere : outside).flatMap(([name, signature]) => {
    const at = part.indexOf(signature, 0, 'latin1')
    return at === -1 ? [] : [{ rule: `also-${name}`, start: start + at, end: start + at + signature.length }]
  })
}
