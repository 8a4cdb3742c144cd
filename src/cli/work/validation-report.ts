import { htmlTable } from '../../assessment/report/html/html-table.ts'
import { htmlPage } from '../../assessment/report/html/page.ts'
import { signs } from '../../assessment/report/html/summary.ts'
import { type Markup, markup } from '../../assessment/report/markup.ts'
import type { CheckResult, Validation } from '../../contract/validation.ts'

const words = { passed: 'Passed', failed: 'Failed', inconclusive: 'Inconclusive' } as const

const sentence = ({ verdict, checks, rows }: Validation): string => {
  const of = (wanted: CheckResult['verdict']) => checks.filter((check) => check.verdict === wanted).length
  if (verdict === 'passed') return `all ${rows.in} rows hold ${of('passed')} checks.`
  if (verdict === 'failed')
    return `${of('failed')} of ${checks.length} checks fail; ${rows.quarantined} of ${rows.in} rows are at fault.`
  return `${of('inconclusive')} of ${checks.length} checks could not be run or had nothing to look at.`
}

const order = { failed: 0, inconclusive: 1, passed: 2 } as const
const tones = { failed: 'fail', inconclusive: 'warn', passed: 'pass' } as const

const chip = ({ verdict, severity }: CheckResult): Markup =>
  markup`<span class="chip ${tones[verdict]}">${severity === 'warning' ? `warning: ${verdict}` : verdict}</span>`

const measured = ({ measured: value, effect }: CheckResult): string => {
  if (value === null) return 'nothing'
  const shown = typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : String(value)
  return effect === undefined || effect === value ? shown : `${shown} (${effect.toPrecision(3)})`
}

const checksSection = (checks: readonly CheckResult[]): Markup => {
  const sorted = [...checks].sort((a, b) => order[a.verdict] - order[b.verdict])
  return markup`<section aria-labelledby="checks"><h2 id="checks">Checks</h2>
<p class="lead">What failed first. Measured is the number at fault, with its share of the values looked at, unless the check says otherwise.</p>
${htmlTable(
  'Checks',
  [
    { title: 'Check', breakable: true },
    { title: 'Verdict', whole: true },
    { title: 'Measured', align: 'right' },
    { title: 'Looked at', align: 'right' },
    { title: 'Required', breakable: true },
    { title: 'What was seen', breakable: true },
  ],
  sorted.map((check) => [check.id, chip(check), measured(check), String(check.n), check.required, check.message]),
)}</section>`
}

const examplesSection = ({ examples }: Validation): Markup | '' =>
  examples.length === 0
    ? ''
    : markup`<section aria-labelledby="examples"><h2 id="examples">Rows at fault</h2>
<p class="lead">The first rows that fail each check, counted from 0. Values are cut at 200 characters; personal data that were recognised stand as their kind in brackets.</p>
${examples.map(({ check, rows }) => {
  const names = Object.keys(rows[0]?.values ?? {})
  return markup`<div class="card"><h3>${check}</h3>${htmlTable(
    `Rows that fail ${check}`,
    [{ title: 'Row', align: 'right' }, ...names.map((title) => ({ title, breakable: true }))],
    rows.map(({ row, values }) => [String(row), ...names.map((name) => values[name] ?? 'no value')]),
  )}</div>`
})}</section>`

const filesSection = ({ dataset, schema, reference, outputs, rows }: Validation): Markup => {
  const files = { data: dataset, schema, reference, ...outputs }
  return markup`<section aria-labelledby="files"><h2 id="files">Files</h2>
<dl class="facts"><dt>Rows</dt><dd>${rows.in} in = ${rows.passed} passed + ${rows.quarantined} at fault</dd>
${Object.entries(files).map(([role, file]) =>
  file === undefined
    ? ''
    : markup`<dt>${role}</dt><dd>${file.path}<br><span class="mono small">SHA-256 ${file.sha256}</span></dd>`,
)}</dl></section>`
}

/** The result as one HTML file that needs nothing else. The same result without its timing is the same bytes. */
export const renderValidation = (validation: Validation): string => {
  const { dataset, tool, verdict, schema } = validation
  const tone = verdict === 'passed' ? 'passed' : 'failed'
  return htmlPage({
    title: `${dataset.path}: ${verdict} (Bartizan validation)`,
    header: markup`<header><p class="kicker"><span>Bartizan validation</span><span>${tool.name} ${tool.version}</span></p>
<h1>${dataset.path}</h1><p class="about">checked against ${schema.path}</p></header>`,
    main: markup`<section class="verdict ${tone}" aria-labelledby="verdict-title" data-verdict="${verdict}"><h2 id="verdict-title">${signs[tone]}<span><strong>${words[verdict]}</strong>: ${sentence(validation)}</span></h2></section>
${checksSection(validation.checks)}
${examplesSection(validation)}
${filesSection(validation)}`,
    tool,
    durations: 'the result of --json',
  })
}
