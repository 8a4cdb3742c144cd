import { count, number } from '../../assessment/report/format.ts'
import { renderTable, wrapText } from '../../assessment/report/table.ts'
import type { CheckResult, Validation } from '../../contract/validation.ts'
import { counted, wrappedTable } from './fields.ts'

const words = {
  passed: 'PASSED: every check holds.',
  failed: 'FAILED: the data are not what the schema says.',
  inconclusive: 'INCONCLUSIVE: some checks had nothing to look at, so nothing is shown to hold.',
} as const

const marks = { passed: 'ok', failed: 'FAIL', inconclusive: '?' } as const

/** What a check measured, for a reader. */
export const measuredText = ({ measured }: CheckResult): string =>
  measured === null ? '-' : typeof measured === 'number' ? number(measured) : measured

/** What a row of the data is, for sentences. */
export const rowNoun = ({ kind }: Pick<Validation, 'kind'>): string => (kind === 'images' ? 'image' : 'row')

const inParts = ({ parts }: Validation): string => (parts === undefined ? '' : ` in ${counted(parts.length, 'part')}`)

const mostClasses = 12

/** The labels with their shares, the most frequent first. */
const labelLines = ({ labels }: Validation, width: number): readonly string[] => {
  if (labels === undefined || labels.classes.length === 0) return []
  const { rows, missing, classes } = labels
  const share = (some: number, all: number): string => (all === 0 ? '-' : `${((100 * some) / all).toFixed(1)} %`)
  const before = classes.reduce((total, { reference = 0 }) => total + reference, 0)
  const compares = classes.some(({ reference }) => reference !== undefined)
  const shown = classes.slice(0, mostClasses)
  return [
    wrappedTable(
      [
        { title: 'label' },
        { title: 'count', align: 'right' },
        { title: 'share', align: 'right' },
        ...(compares ? [{ title: 'reference', align: 'right' } as const] : []),
      ],
      shown.map(({ name, count: found, reference = 0 }) => [
        name,
        count(found),
        share(found, rows - missing),
        ...(compares ? [share(reference, before)] : []),
      ]),
      width,
    ),
    ...(classes.length > mostClasses ? [`… and ${classes.length - mostClasses} more (--json has all)`] : []),
    '',
  ]
}

/** What `bartizan data validate` prints. */
export const validationText = (validation: Validation, width: number): string => {
  const { checks, rows, examples, verdict, outputs } = validation
  const faults = checks.filter((check) => check.verdict !== 'passed')
  const table = renderTable(
    [
      { title: 'check' },
      { title: '' },
      { title: 'measured', align: 'right' },
      { title: 'looked at', align: 'right', dispensable: 1 },
      { title: 'required', dispensable: 2 },
    ],
    checks.map((check) => [
      check.id,
      check.severity === 'warning' && check.verdict !== 'passed'
        ? `warning ${marks[check.verdict]}`
        : marks[check.verdict],
      measuredText(check),
      count(check.n),
      check.required,
    ]),
    width,
  )
  const first = new Map(
    examples.map(({ check, rows: failing }) => [
      check,
      failing
        .map(({ row, part, values }) =>
          validation.kind === 'images' ? (values.image ?? row) : part === undefined ? row : `${row} of ${part}`,
        )
        .join(', '),
    ]),
  )
  return [
    table,
    '',
    ...faults.flatMap(({ id, message }) => [
      wrapText(
        `${id}: ${message}${first.has(id) ? `; first ${rowNoun(validation)}s: ${first.get(id)}` : ''}`,
        width,
        '  ',
      ),
    ]),
    ...(faults.length === 0 ? [] : ['']),
    ...labelLines(validation, width),
    `${counted(rows.in, rowNoun(validation))}${inParts(validation)}: ${count(rows.passed)} passed, ${count(rows.quarantined)} at fault`,
    ...Object.entries(outputs).map(([role, file]) => `${role}: ${file?.path}`),
    words[verdict],
  ].join('\n')
}

export interface Inferred {
  readonly schema: { readonly path: string; readonly sha256: string }
  readonly dataset: { readonly path: string; readonly sha256: string }
  readonly rows: number
  readonly columns: number
}

/** What `bartizan data infer` prints. */
export const inferenceText = ({ schema, dataset, rows, columns }: Inferred): string =>
  [
    `${schema.path}: ${counted(columns, 'column')} from ${counted(rows, 'row')} of ${dataset.path}`,
    'Review it before you trust it: it says what this sample was, not what the data must be.',
  ].join('\n')
