import type { Worker } from '../worker.ts'
import { textLines } from './jsonl.ts'
import { checkCell } from './limits.ts'
import { blockLength, type TextSink } from './sink.ts'

/** Lines that are read together, so that what stands in the line before counts as context. */
const longestBlock = 2 ** 14

/**
 * Sends a plain text through `worker` in paragraphs: up to the next empty line, or as many lines as 16,384 characters
 * hold. An entity's row is the line that its paragraph begins with, and its place counts from there.
 */
export const passText = async (path: string, worker: Worker, sink: TextSink): Promise<void> => {
  let block = ''
  let first = 0
  let row = 0
  const settle = () => {
    if (block === '') return
    worker.begin(first)
    // The line end stays out of it: it isn't the paragraph's to lose.
    const end = /\r?\n$/.exec(block)?.[0] ?? ''
    const text = block.slice(0, block.length - end.length)
    const changed = worker.cell(text, null)
    if (worker.end()) sink.write((changed?.text ?? text) + end)
    block = ''
  }
  for await (const whole of textLines(path)) {
    let line = whole
    if (row === 0 && line.startsWith('\ufeff')) {
      sink.write('\ufeff')
      line = line.slice(1)
    }
    checkCell(path, row, 'text', line)
    const empty = line.trim() === ''
    if (empty || block.length + line.length > longestBlock) settle()
    if (empty) sink.write(line)
    else {
      if (block === '') first = row
      block += line
    }
    row++
    await sink.flush(blockLength)
  }
  settle()
  await sink.flush()
}
