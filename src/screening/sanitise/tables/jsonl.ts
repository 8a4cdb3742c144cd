import { BartizanError } from '../../../base/errors.ts'
import { columnKinds } from '../../pii/index.ts'
import type { ChangedCell, Worker } from '../worker.ts'
import { type JsonScalar, jsonScalars, literalOffsets } from './json-scalars.ts'
import { checkCell, longestRow, tooLong } from './limits.ts'
import { blockLength, type TextSink } from './sink.ts'
import { textChunks } from './text-chunks.ts'

/** Lines with their ends. */
export async function* textLines(path: string): AsyncGenerator<string> {
  let rest = ''
  let row = 0
  for await (const chunk of textChunks(path)) {
    const text = rest + chunk
    let at = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', at)) {
      yield text.slice(at, end + 1)
      row++
      at = end + 1
    }
    rest = text.slice(at)
    if (rest.length > longestRow) throw tooLong(path, row, undefined, longestRow)
  }
  if (rest !== '') yield rest
}

const checked = (path: string, row: number, line: string): void => {
  try {
    JSON.parse(line)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^(.{0,40}).*$/s, '$1') : String(cause)
    throw new BartizanError('DATA_CORRUPT', `${path}, row ${row}: the line is no JSON: ${why}`, {
      hint: 'JSON Lines hold one value a line; a plain text ends in .txt',
      data: { path, row },
      cause,
    })
  }
}

/** The literal of a changed string; the parts that stay keep their spelling, escapes included. */
const changedLiteral = (literal: string, { text, pieces }: ChangedCell): string => {
  if (pieces === undefined) return JSON.stringify(text)
  const offsets = literalOffsets(literal)
  const parts = pieces.map((piece) =>
    piece.kept ? literal.slice(offsets[piece.from], offsets[piece.to]) : JSON.stringify(piece.text).slice(1, -1),
  )
  return `"${parts.join('')}"`
}

/** Numbers that may be personal data: long ones, and those in a column whose name says so. */
const mayBePersonal = (raw: string, name: string): boolean => /^-?\d{8,20}$/.test(raw) || columnKinds(name).length > 0

/**
 * Sends a JSON Lines file through `worker`: every string at any depth, under its path, and numbers that may be personal
 * data. A number that would become text becomes null, so that its column keeps one type. Keys are looked at and not
 * changed. White space, order, escapes and the digits of numbers stay as they are.
 */
export const passJsonl = async (path: string, worker: Worker, sink: TextSink): Promise<void> => {
  const replacement = (line: string, { start, end, type, path: column, name }: JsonScalar, row: number) => {
    const literal = line.slice(start, end)
    if (type === 'number') {
      if (!worker.declares(column) && !mayBePersonal(literal, name)) return undefined
      return worker.cell(literal, column, name) === undefined ? undefined : 'null'
    }
    const value = JSON.parse(literal) as string
    checkCell(path, row, column, value)
    if (type === 'key') {
      worker.look(value, column)
      return undefined
    }
    const changed = worker.cell(value, column, name)
    return changed && changedLiteral(literal, changed)
  }
  let row = 0
  for await (const whole of textLines(path)) {
    const line = row === 0 && whole.startsWith('\ufeff') ? whole.slice(1) : whole
    if (line.trim() === '') {
      sink.write(whole)
      continue
    }
    checked(path, row, line)
    worker.begin(row)
    let written = ''
    let at = 0
    for (const scalar of jsonScalars(line)) {
      const text = replacement(line, scalar, row)
      if (text === undefined) continue
      written += line.slice(at, scalar.start) + text
      at = scalar.end
    }
    if (worker.end()) sink.write(whole.slice(0, whole.length - line.length) + written + line.slice(at))
    row++
    await sink.flush(blockLength)
  }
  await sink.flush()
}
