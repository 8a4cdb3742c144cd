import { type CsvRow, lineEnd } from './csv-row.ts'

const problemOf = (text: string): string | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'it is no JSON object'
  } catch {
    return 'it is no JSON'
  }
}

/** The line at `start` as a JSON object. Undefined where more bytes are needed to tell; `isLast`: there are none. */
export const jsonRow = (bytes: Buffer, start: number, isLast: boolean): CsvRow | undefined => {
  const end = lineEnd(bytes, start) ?? (isLast ? bytes.length : undefined)
  if (end === undefined) return undefined
  const problem = problemOf(bytes.toString('utf8', start, end))
  return { end, next: Math.min(bytes.length, end + 1), ...(problem !== undefined && { problem }) }
}
