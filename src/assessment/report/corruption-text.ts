import type { Report } from '../../contract/index.ts'
import { corruptionCells, corruptionLead, corruptionResult } from './corruption-lines.ts'
import { type Column, renderTable, wrapText } from './table.ts'

/** Accuracy by corruption and severity, for a terminal; nothing where none was measured. */
export const corruptionText = ({ corruptions }: Report, width: number): readonly string[] => {
  if (!corruptions) return []
  const { head, rows } = corruptionCells(corruptions)
  const columns = head.map((title, i): Column => (i === 0 ? { title } : { title, align: 'right' }))
  return [
    '',
    'Common corruptions',
    wrapText(corruptionLead(corruptions), width),
    renderTable(columns, rows, width),
    wrapText(corruptionResult(corruptions), width),
  ]
}
