import { BartizanError } from '../../../base/errors.ts'
import type { ScreenedTable } from '../../table/index.ts'
import type { Cell } from '../groups/counts.ts'
import { scoreBins } from '../metrics/calibration.ts'
import type { Outcomes, ProtectedColumn } from './columns.ts'
import { finiteSql, unreadableSql } from './expressions.ts'

const mostCells = 100_000

interface Found {
  readonly row: Readonly<Record<string, unknown>>
  readonly name: string
}

const boolean = ({ row, name }: Found): boolean | null => {
  const value = row[name]
  return value === null || value === undefined ? null : value === true
}

/**
 * One grouped pass over the table: how many rows agree in protected values, label, prediction and bin of the score.
 * Throws DATA_CORRUPT where a column of numbers holds text, DATA_OUT_OF_RANGE where a score isn't within 0 and 1.
 */
export const cellsOf = async (
  { path, engine, relation }: ScreenedTable,
  columns: readonly ProtectedColumn[],
  outcomes: Outcomes,
): Promise<readonly Cell[]> => {
  const { label, prediction, score } = outcomes
  const number = score && finiteSql(score)
  const parts = [
    ...columns.map(({ sql }, i) => `${sql} AS g${i}`),
    `${label ?? 'NULL'} AS y`,
    `${prediction ?? 'NULL'} AS p`,
    `${number ? `(CASE WHEN ${number} IS NOT NULL THEN greatest(0, CAST(ceil(${number} * ${scoreBins}) AS INTEGER) - 1) END)` : 'NULL'} AS b`,
    `${number ?? 'NULL'} AS s`,
    ...columns.map((column, i) => `${column.bins ? unreadableSql(column.column) : 'false'} AS u${i}`),
    `${score ? unreadableSql(score) : 'false'} AS us`,
  ]
  const unreadable = columns.map((_, i) => `bool_or(u${i}) AS u${i}`)
  const rows = await engine.rows(
    `SELECT ${columns.map((_, i) => `g${i}`).join(', ')}, y, p, b, count(*)::DOUBLE AS n, sum(s)::DOUBLE AS s,
       min(s)::DOUBLE AS least, max(s)::DOUBLE AS most, ${unreadable.join(', ')}, bool_or(us) AS us
     FROM (SELECT ${parts.join(', ')} FROM ${relation.sql})
     GROUP BY ${columns.map((_, i) => `g${i}`).join(', ')}, y, p, b LIMIT ${mostCells + 1}`,
  )
  if (rows.length > mostCells)
    throw new BartizanError('CONFIG_INVALID', `${columns.map(({ name }) => name).join(' and ')} make too many groups`, {
      hint: 'name columns of few values, and state bins for numbers: --bins age=18,30,45',
      data: { path, most: mostCells },
    })
  const bad = columns.find((_, i) => rows.some((row) => row[`u${i}`] === true))
  const textual = bad?.name ?? (rows.some((row) => row.us === true) ? score?.name : undefined)
  if (textual !== undefined)
    throw new BartizanError('DATA_CORRUPT', `${path}, column "${textual}" holds cells that are not finite numbers`, {
      hint: 'correct those cells, or leave out --bins for a column of text',
      data: { path, column: textual },
    })
  const outside = rows.find(({ least, most }) => least !== null && (Number(least) < 0 || Number(most) > 1))
  if (outside)
    throw new BartizanError(
      'DATA_OUT_OF_RANGE',
      `${path}, column "${score?.name}" holds scores from ${outside.least} to ${outside.most}`,
      {
        hint: 'scores are probabilities of the positive label, from 0 to 1',
        data: { path, column: score?.name },
      },
    )
  return rows.map((row) => ({
    values: columns.map(({ bins }, i) => groupValue(row[`g${i}`], bins?.labels)),
    positive: boolean({ row, name: 'y' }),
    selected: boolean({ row, name: 'p' }),
    bin: row.b === null ? null : Number(row.b),
    rows: Number(row.n),
    scores: Number(row.s ?? 0),
  }))
}

const groupValue = (cell: unknown, labels: readonly string[] | undefined): string | null => {
  if (cell === null || cell === undefined) return null
  return labels ? (labels[Number(cell)] ?? null) : String(cell)
}
