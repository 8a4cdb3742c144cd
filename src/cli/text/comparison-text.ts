import { wrapText } from '../../assessment/report/table.ts'
import type { ComparedColumn, ComparisonResult } from '../../contract/comparison.ts'
import type { CheckResult } from '../../contract/validation.ts'
import { counted, wrappedTable } from './fields.ts'

const sentences = {
  passed: 'PASSED: no difference that matters and is no accident.',
  failed: 'FAILED: the tables differ, or share what they should not.',
  inconclusive: 'INCONCLUSIVE: no check could decide anything: too few rows.',
} as const

const short = (value: number): string => String(Number(value.toPrecision(4)))

/** What was measured, fit for a column of a table. */
const measuredText = ({ measured }: CheckResult): string =>
  measured === null ? '-' : typeof measured === 'number' ? short(measured) : measured

/** Checks as lines: verdict, id, value, what was found. */
export const checksTable = (checks: readonly CheckResult[], width: number): string =>
  wrappedTable(
    [{ title: 'verdict' }, { title: 'check' }, { title: 'measured', align: 'right' }, { title: 'found' }],
    checks.map((check) => [check.verdict, check.id, measuredText(check), check.message]),
    width,
  )

/** Rows by bin, reference and current, of the columns whose distribution differs. */
const binLines = ({ column, numbers }: ComparedColumn): readonly (readonly string[])[] => {
  if (numbers === undefined) return []
  const { edges, bins } = numbers
  return bins.reference.map((count, i) => {
    const name =
      i === edges.length ? `above ${edges.length === 0 ? 'all' : short(edges[i - 1])}` : `up to ${short(edges[i])}`
    return [i === 0 ? column : '', name, String(count), String(bins.current[i])]
  })
}

const mostCategories = 10

const categoryLines = ({ column, categories }: ComparedColumn): readonly (readonly string[])[] =>
  categories === undefined
    ? []
    : categories.names
        .slice(0, mostCategories)
        .map((name, i) => [
          i === 0 ? column : '',
          JSON.stringify(name.slice(0, 40)),
          String(categories.counts.reference[i]),
          String(categories.counts.current[i]),
        ])

const binsTable = (columns: readonly ComparedColumn[], width: number): string =>
  wrappedTable(
    [
      { title: 'column' },
      { title: 'values' },
      { title: 'reference', align: 'right' },
      { title: 'current', align: 'right' },
    ],
    columns.flatMap((column) => [...binLines(column), ...categoryLines(column)]),
    width,
  )

/** What `bartizan data compare` prints: the checks that didn't pass, and the bins behind them. */
export const comparisonText = (result: ComparisonResult, width: number): string => {
  const { checks, columns, rows, verdict } = result
  const notable = checks.filter((check) => check.verdict !== 'passed')
  const differing = new Set(
    notable
      .filter((check) => check.verdict === 'failed')
      .flatMap(({ column }) => (column === undefined ? [] : [column])),
  )
  const shown = columns.filter(({ column, numbers, categories }) => differing.has(column) && (numbers ?? categories))
  const count = (kind: CheckResult['verdict']): number => checks.filter((check) => check.verdict === kind).length
  return [
    ...(notable.length === 0 ? [] : [checksTable(notable, width), '']),
    ...(shown.length === 0 ? [] : [binsTable(shown, width), '']),
    wrapText(
      `${counted(rows.reference, 'row')} in ${result.reference}, ${counted(rows.current, 'row')} in ${result.current}; ${count('passed')} checks passed, ${count('failed')} failed, ${count('inconclusive')} inconclusive`,
      width,
      '',
    ),
    sentences[verdict],
  ].join('\n')
}
