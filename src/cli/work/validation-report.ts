import { count, percent } from '../../assessment/report/format.ts'
import { htmlTable } from '../../assessment/report/html/html-table.ts'
import { htmlPage } from '../../assessment/report/html/page.ts'
import { signs } from '../../assessment/report/html/summary.ts'
import { type Content, type Markup, markup } from '../../assessment/report/markup.ts'
import type { CheckResult, Validation } from '../../contract/validation.ts'
import { counted } from '../text/fields.ts'
import { measuredText, rowNoun } from '../text/validation-text.ts'
import { verdictChip } from './validation-chip.ts'
import { distributionsSection } from './validation-distributions.ts'
import { labelsSection } from './validation-labels.ts'

const words = { passed: 'Passed', failed: 'Failed', inconclusive: 'Inconclusive' } as const

const sentence = (validation: Validation): string => {
  const { verdict, checks, rows } = validation
  const noun = rowNoun(validation)
  const of = (wanted: CheckResult['verdict']) => checks.filter((check) => check.verdict === wanted).length
  if (verdict === 'passed') return `${counted(rows.in, noun)}, ${counted(of('passed'), 'check')}, no fault.`
  if (verdict === 'failed')
    return `${of('failed')} of ${counted(checks.length, 'check')} failed; ${count(rows.quarantined)} of ${counted(rows.in, noun)} at fault.`
  return `${of('inconclusive')} of ${checks.length} checks could not be run or had nothing to look at.`
}

const order = { failed: 0, inconclusive: 1, passed: 2 } as const
/** "13 of 1,200 (1.1 %)" where it is a count of faults, "0.308 (n 1,200)" otherwise. */
const measured = (check: CheckResult): Content => {
  const { measured: value, effect, n } = check
  if (value === null) return 'nothing'
  const isCount = typeof value === 'number' && Number.isInteger(value) && Math.round((effect ?? 0) * n) === value
  if (isCount && effect !== undefined && effect <= 1 && effect >= 0)
    return markup`${count(value)} of ${count(n)}${value === 0 ? '' : markup`<br>(${percent(effect)})`}`
  if (typeof value === 'string') return value
  return value === n ? count(n) : markup`${measuredText(check)}<br>(n ${count(n)})`
}

const checksTable = (caption: string, checks: readonly CheckResult[]): Markup =>
  htmlTable(
    caption,
    [
      { title: 'Check', breakable: true },
      { title: 'Measured', align: 'right', whole: true },
      { title: 'Required', breakable: true },
      { title: 'What was seen', breakable: true },
    ],
    checks.map((check) => [
      markup`${check.id}<br>${verdictChip(check)}`,
      measured(check),
      check.required,
      check.message,
    ]),
  )

const checksSection = (checks: readonly CheckResult[]): Markup => {
  const told = checks.filter(({ verdict }) => verdict !== 'passed').sort((a, b) => order[a.verdict] - order[b.verdict])
  const passed = checks.filter(({ verdict }) => verdict === 'passed')
  return markup`<section aria-labelledby="checks"><h2 id="checks">Checks</h2>
<p class="lead">Measured is how many of the values looked at are at fault, or what the check says, with the number of values.</p>
${told.length === 0 ? '' : checksTable('Checks that did not pass', told)}
${
  passed.length === 0
    ? ''
    : markup`<details${told.length === 0 ? { markup: ' open' } : ''}><summary>${passed.length === 1 ? 'One check' : `${count(passed.length)} checks`} passed</summary>${checksTable('Checks that passed', passed)}</details>`
}</section>`
}

const examplesSection = ({ examples, kind }: Validation): Markup | '' =>
  examples.length === 0
    ? ''
    : markup`<section aria-labelledby="examples"><h2 id="examples">${kind === 'images' ? 'Images' : 'Rows'} at fault</h2>
<p class="lead">The first ${kind === 'images' ? 'images' : 'rows'} that fail each check, counted from 0. Values are cut at 200 characters; personal data that were recognised stand as their kind in brackets.</p>
<div class="columns start">${examples.map(({ check, rows }) => {
        const isImages = kind === 'images'
        const all = new Set(rows.flatMap(({ values }) => Object.keys(values)))
        const names = [...all].filter((name) => !(isImages && name === 'image'))
        // Short values stay whole: a number broken over two lines reads as two.
        const isLong = (name: string): boolean => rows.some(({ values }) => (values[name] ?? '').length > 16)
        return markup`<div class="card"><h3>${check}</h3>${htmlTable(
          `Rows that fail ${check}`,
          [
            isImages ? { title: 'Image', breakable: true } : { title: 'Row', whole: true },
            ...names.map((title) => (isLong(title) ? { title, breakable: true } : { title, whole: true })),
          ],
          rows.map(({ row, part, values }) => [
            isImages ? (values.image ?? `image ${row}`) : part === undefined ? `row ${row}` : `row ${row} of ${part}`,
            // Of rows that only the merge found at fault the states keep no values.
            ...names.map((name) => (Object.hasOwn(values, name) ? (values[name] ?? 'no value') : 'not kept')),
          ]),
        )}</div>`
      })}</div></section>`

const filesSection = ({ dataset, parts, schema, reference, others = [], outputs, rows, kind }: Validation): Markup => {
  const files = [
    ...(parts ?? [dataset]).map((file) => [parts === undefined ? 'data' : 'part', file] as const),
    ...Object.entries({ schema, reference }),
    ...others.map((file) => ['compared with', file] as const),
    ...Object.entries(outputs),
  ]
  return markup`<section aria-labelledby="files"><h2 id="files">Files</h2>
<dl class="facts"><dt>${kind === 'images' ? 'Images' : 'Rows'}</dt><dd>${count(rows.in)} in = ${count(rows.passed)} passed + ${count(rows.quarantined)} at fault</dd>
${files.map(([role, file]) =>
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
${labelsSection(validation)}
${distributionsSection(validation)}
${filesSection(validation)}`,
    tool,
    durations: 'the result of --json',
  })
}
