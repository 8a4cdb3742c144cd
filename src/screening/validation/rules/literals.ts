import { literal } from '../../../data/formats/duckdb.ts'
import type { ColumnType, Scalar } from '../schema/model.ts'
import { isTemporal, temporalText } from '../schema/temporal.ts'

const sqlTypes = { date: 'DATE', datetime: 'TIMESTAMP', time: 'TIME' } as const

/** A finite number as SQL, all its digits kept. */
export const numberLiteral = (value: number): string =>
  Number.isSafeInteger(value) ? String(value) : `CAST('${value}' AS DOUBLE)`

/** A value of the schema as SQL of the column's type. */
export const valueLiteral = (value: Scalar, type: ColumnType | undefined): string => {
  if (isTemporal(type)) return `${sqlTypes[type]} ${literal(temporalText(type, value) ?? '')}`
  if (typeof value === 'number' && (type === 'integer' || type === 'number')) return numberLiteral(value)
  if (typeof value === 'boolean' && type === 'boolean') return String(value)
  return literal(String(value))
}

/** A list for a sentence, cut where it is long. */
export const listed = (values: readonly Scalar[], most = 8): string => {
  const shown = values.slice(0, most).map((value) => String(value).slice(0, 40))
  return values.length > most ? `${shown.join(', ')} and ${values.length - most} more` : shown.join(', ')
}
