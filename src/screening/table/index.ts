export { cellsSql } from './cells-sql.ts'
export { columnOf, openScreenedTable, type ScreenedTable, withTable, withTables } from './open-table.ts'
export { streamed } from './streamed.ts'
export { tableFormat } from './table-format.ts'
