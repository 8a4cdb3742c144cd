import type { ColumnProfile } from './profile.ts'

/** A column with what was found beyond its profile. */
export interface InferredColumn {
  readonly profile: ColumnProfile
  readonly values?: readonly string[]
  readonly unique: boolean
}

const words = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n'])

/** Text as YAML: plain where nothing can be read into it, quoted otherwise. */
export const yamlText = (text: string): string =>
  /^[A-Za-z_][A-Za-z0-9_-]*$/.test(text) && !words.has(text.toLowerCase())
    ? text
    : JSON.stringify(text).replace(
        /[\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]/g,
        (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )

const comment = (text: string): string => text.replace(/[\p{C}\p{Z}]+/gu, ' ').slice(0, 160)

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const rounded = (value: number): number => Number(value.toPrecision(6))

/** A tenth of the spread on either side; what was never negative stays so. */
const bounds = ({ type, min, max }: ColumnProfile): readonly [number, number] | undefined => {
  if (min === undefined || max === undefined || (type !== 'integer' && type !== 'number')) return undefined
  const [low, high] = [Number(min), Number(max)]
  const margin = (high - low) / 10
  const least = low >= 0 ? Math.max(0, low - margin) : low - margin
  const found: readonly [number, number] =
    type === 'integer'
      ? [Math.floor(least), Math.ceil(high + margin)]
      : [Math.min(low, rounded(least)), Math.max(high, rounded(high + margin))]
  return found.every((bound) => (type === 'integer' ? Number.isSafeInteger(bound) : Number.isFinite(bound)))
    ? found
    : undefined
}

const missingLine = ({ rows, present }: ColumnProfile): string => {
  if (present === rows) return `required: true  # none of ${rows} rows is without a value`
  const share = (rows - present) / rows
  const allowed = Math.min(1, Math.ceil((share * 1.5 + 0.01) * 100) / 100)
  return `max-missing: ${allowed}  # ${rows - present} of ${rows} rows have no value`
}

const columnLines = ({ profile, values, unique }: InferredColumn): readonly string[] => {
  const { name, rows, type, nullLike, suspects, present, min, max, shortest, longest, format, distinct, isExact } =
    profile
  if (present === 0) return [`${yamlText(name)}: {}  # no value in the sample, so nothing is known of it`]
  const range = bounds(profile)
  const isNullLike = nullLike.join('\0') !== ''
  return [
    `${yamlText(name)}:`,
    ...(type === undefined ? ['  # values of a nested or binary type: nothing is checked'] : [`  type: ${type}`]),
    ...(isNullLike ? [`  null-like: [${nullLike.map(yamlText).join(', ')}]`] : []),
    ...suspects.map(
      ([text, count]) =>
        `  # ${count} values are ${comment(yamlText(text))}: if that means "no value", list it under null-like`,
    ),
    `  ${missingLine(profile)}`,
    ...(format === undefined ? [] : [`  format: ${format}  # all ${present} values have it`]),
    ...(values === undefined
      ? []
      : [
          `  set: [${values.map((value) => (type === 'integer' ? value : yamlText(value))).join(', ')}]  # all that was seen`,
        ]),
    ...(range === undefined || values !== undefined
      ? []
      : [`  min: ${range[0]}  # seen: ${min} to ${max}`, `  max: ${range[1]}`]),
    ...(range === undefined && min !== undefined ? [`  # seen: ${comment(`${min} to ${max}`)}`] : []),
    ...(shortest === undefined || longest === undefined || values !== undefined
      ? []
      : [
          ...(shortest > 0 ? ['  min-length: 1'] : []),
          `  max-length: ${longest + Math.max(10, Math.ceil(longest / 2))}  # seen: ${shortest} to ${longest} characters`,
        ]),
    ...(unique
      ? [/(^|[_-])(id|uuid|key)$/i.test(name) ? '  unique: true' : '  # unique: true  # no value is seen twice']
      : [
          `  # ${isExact ? '' : 'about '}${counted(Math.min(distinct, present), 'different value')} in ${counted(rows, 'row')}`,
        ]),
  ]
}

/** The schema as YAML, with comments on what was seen. */
export const renderSchema = (file: string, sha256: string, columns: readonly InferredColumn[]): string => {
  const rows = columns[0]?.profile.rows ?? 0
  return [
    `# What ${comment(file)} was when this was written by bartizan data infer; review it before it is relied on.`,
    `# ${rows} rows, SHA-256 ${sha256}`,
    'version: 1',
    '# A text in this list stands for "no value"; a column may have a list of its own.',
    'null-like: [""]',
    'rows:',
    '  min: 1',
    'extra-columns: refuse  # or allow',
    'columns:',
    ...columns.flatMap((column) => columnLines(column).map((line) => `  ${line}`)),
    '# Rules over several columns, as SQL that is true for a good row:',
    '# checks:',
    '#   - {id: dates-in-order, sql: started <= ended}',
    '# Rows that repeat others, other splits that must hold none of them, and the labels:',
    '# duplicates: {at-most: 0.01, ignore: [id]}',
    '# leakage:',
    '#   - {file: test.csv, target: label, ignore: [id]}',
    '# labels: {column: label, min-count: 50, reference: trusted.csv}',
    '',
  ].join('\n')
}
