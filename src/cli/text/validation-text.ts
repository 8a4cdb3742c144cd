import { count, number } from '../../assessment/report/format.ts'
import { renderTable, wrapText } from '../../assessment/report/table.ts'
import type { CheckResult, Validation } from '../../contract/validation.ts'
import { counted } from './fields.ts'

const words = {
  passed: 'PASSED: every check holds.',
  failed: 'FAILED: the data are not what the schema says.',
  inconclusive: 'INCONCLUSIVE: some checks had nothing to look at, so nothing is shown to hold.',
} as const

const marks = { passed: 'ok', failed: 'FAIL', inconclusive: '?' } as const

/** What a check measured, for a reader. */
export const measuredText = ({ measured }: CheckResult): string =>
  measured === null ? '-' : typeof measured === 'number' ? number(measured) : measured

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
  const first = new Map(examples.map(({ check, rows: failing }) => [check, failing.map(({ row }) => row).join(', ')]))
  return [
    table,
    '',
    ...faults.flatMap(({ id, message }) => [
      wrapText(`${id}: ${message}${first.has(id) ? `; first rows: ${first.get(id)}` : ''}`, width, '  '),
    ]),
    ...(faults.length === 0 ? [] : ['']),
    `${counted(rows.in, 'row')}: ${count(rows.passed)} passed, ${count(rows.quarantined)} at fault`,
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
