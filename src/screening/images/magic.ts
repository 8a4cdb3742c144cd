export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' | 'avif'

const ascii = (head: Uint8Array, from: number, to: number): string =>
  Buffer.from(head.subarray(from, to)).toString('latin1')

/** Bytes that `formatOf` looks at. */
export const headLength = 16

/** An image format by its first bytes. SVG isn't among them: it is a program for the reader, not pixels. */
export const formatOf = (head: Uint8Array): ImageFormat | undefined => {
  if (ascii(head, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (ascii(head, 0, 3) === '\xff\xd8\xff') return 'jpeg'
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'webp'
  if (/^GIF8[79]a/.test(ascii(head, 0, 6))) return 'gif'
  if (['II*\0', 'MM\0*'].includes(ascii(head, 0, 4))) return 'tiff'
  if (ascii(head, 4, 8) === 'ftyp' && /^avi[fs]/.test(ascii(head, 8, 12))) return 'avif'
  return undefined
}

const extensions: Readonly<Record<string, ImageFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.jpe': 'jpeg',
  '.jfif': 'jpeg',
  '.webp': 'webp',
  '.gif': 'gif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
  '.avif': 'avif',
}

/** What a file's extension (with the dot, any case) says that it holds. */
export const formatNamed = (extension: string): ImageFormat | undefined => extensions[extension.toLowerCase()]
