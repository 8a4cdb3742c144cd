import { literal } from '../../../data/formats/duckdb.ts'
import type { ProtectedColumn } from '../table/columns.ts'
import type { LabelCell } from './expected-counts.ts'

/** SQL: the number of the cell that a row is in; NULL where it lacks a label or a protected value. */
export const cellSql = (columns: readonly ProtectedColumn[], label: string, cells: readonly LabelCell[]): string => {
  const cases = cells.map(({ values, positive }, i) => {
    const same = columns.map(({ sql, bins }, j) => {
      const value = values[j] ?? ''
      return `(${sql}) = ${bins ? bins.labels.indexOf(value) : literal(value)}`
    })
    return `WHEN ${[...same, positive ? label : `NOT ${label}`].join(' AND ')} THEN ${i}`
  })
  return `(CASE ${cases.join(' ')} END)`
}
