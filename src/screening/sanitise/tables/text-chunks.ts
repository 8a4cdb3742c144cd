import { createReadStream } from 'node:fs'
import { BartizanError, isBartizanError } from '../../../base/errors.ts'
import { readError } from '../../../data/files.ts'

const chunkBytes = 256 * 1024

/** What a file begins with that is no text, and what it is then. */
const magic: readonly (readonly [string, string])[] = [
  ['PK\u0003\u0004', 'a zip archive or an office document'],
  ['%PDF-', 'a PDF document'],
  ['\u001f\u008b', 'compressed (gzip)'],
  ['PAR1', 'a Parquet file'],
  ['\u0089PNG', 'a PNG image'],
  ['\u00ff\u00d8\u00ff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['\u007fELF', 'a program'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old office document'],
]

const refuseBinary = (path: string, head: Uint8Array): void => {
  const start = Buffer.from(head.subarray(0, 8)).toString('latin1')
  const utf16 = start.startsWith('\u00ff\u00fe') || start.startsWith('\u00fe\u00ff')
  const what = utf16 ? 'text in UTF-16' : magic.find(([bytes]) => start.startsWith(bytes))?.[1]
  if (what === undefined) return
  throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} is named as text and is ${what}`, {
    hint: utf16 ? 'save it as UTF-8' : 'give it its right name, or unpack it first',
    data: { path },
  })
}

/**
 * A UTF-8 file as pieces of text, with its byte order mark as U+FEFF. Throws DATA_FORMAT_UNSUPPORTED where it begins as
 * another format does, DATA_CORRUPT with the place where it isn't UTF-8.
 */
export async function* textChunks(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let at = 0
  const decoded = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
    } catch (cause) {
      const place = `between bytes ${at} and ${at + (bytes?.length ?? 0)}`
      throw new BartizanError('DATA_CORRUPT', `${path} isn't UTF-8: ${place} is something else`, {
        hint: 'convert it first, for example: iconv -f WINDOWS-1252 -t UTF-8',
        data: { path, from: at },
        cause,
      })
    }
  }
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
      const bytes = chunk as Buffer
      if (at === 0) refuseBinary(path, bytes)
      yield decoded(bytes)
      at += bytes.length
    }
  } catch (error) {
    throw isBartizanError(error) ? error : await readError(path, error)
  }
  yield decoded()
}
