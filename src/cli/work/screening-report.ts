import { count, number, percent } from '../../assessment/report/format.ts'
import { htmlTable } from '../../assessment/report/html/html-table.ts'
import { htmlPage } from '../../assessment/report/html/page.ts'
import { signs } from '../../assessment/report/html/summary.ts'
import { type Markup, markup } from '../../assessment/report/markup.ts'
import type { Screening } from '../../contract/screening.ts'
import { counted } from '../text/fields.ts'
import { screeningSentence } from '../text/screening-text.ts'

/** Pictures on the page, at most, the most suspicious first. */
const mostShown = 120

const words = { flagged: 'Flagged', 'nothing found': 'Nothing found', 'cannot tell': 'Cannot tell' } as const

const screensSection = ({ screens, falseDiscoveryRate }: Screening): Markup =>
  markup`<section aria-labelledby="screens"><h2 id="screens">Screens</h2>
<p class="lead">Each screen controls false discoveries at ${percent(falseDiscoveryRate)} over what it tests.</p>${htmlTable(
    'What each screen says',
    [
      { title: 'Screen', breakable: true },
      { title: 'Verdict', whole: true },
      { title: 'Rows', align: 'right', whole: true },
      { title: 'Why', breakable: true },
    ],
    screens.map(({ title, id, verdict, flagged, reason }) => [
      markup`${title}<br><span class="small muted">${id}</span>`,
      verdict,
      count(flagged),
      reason,
    ]),
  )}</section>`

const nullSection = ({ screens }: Screening): Markup | '' => {
  const all = screens.flatMap(({ id, null: comparisons }) => comparisons.map((one) => ({ id, ...one })))
  if (all.length === 0) return ''
  return markup`<section aria-labelledby="null"><h2 id="null">Against clean data</h2>
<p class="lead">What was measured beside what the same statistic is where nothing is wrong, and how often it is then as large.</p>
<details><summary>${counted(all.length, 'comparison')}</summary>${htmlTable(
    'Measured and expected of clean data',
    [
      { title: 'Statistic', breakable: true },
      { title: 'Measured', align: 'right', whole: true },
      { title: 'Median', align: 'right', whole: true },
      { title: '95 %', align: 'right', whole: true },
      { title: '99 %', align: 'right', whole: true },
      { title: 'p', align: 'right', whole: true },
    ],
    all.map(({ id, statistic, measured, median, q95, q99, p }) => [
      markup`${statistic}<br><span class="small muted">${id}</span>`,
      ...[measured, median, q95, q99, p].map((value) => number(value)),
    ]),
  )}</details></section>`
}

const rowsSection = (
  { rows }: Screening,
  pictures: ReadonlyMap<number, string>,
  classes: readonly string[] | undefined,
): Markup | '' => {
  if (rows.length === 0) return ''
  const ordered = [...rows].sort((a, b) => b.screens.length - a.screens.length || b.score - a.score || a.row - b.row)
  const shown = ordered.slice(0, mostShown)
  const labelOf = (label: number | undefined): string =>
    label === undefined ? '' : (classes?.[label] ?? String(label))
  return markup`<section aria-labelledby="rows"><h2 id="rows">What was found</h2>
<p class="lead">${shown.length < rows.length ? `The first ${shown.length} of ${count(rows.length)} rows` : counted(rows.length, 'row')}, those that most screens flagged first.</p>
${
  pictures.size > 0
    ? markup`<ul class="strip">${shown.map(({ row, label, verdict, screens }) => {
        const uri = pictures.get(row)
        const image = uri === undefined ? '' : markup`<img src="${uri}" alt="Row ${row}, labelled ${labelOf(label)}">`
        const decided = verdict === 'flagged' ? '' : `, ${verdict}`
        return markup`<li><figure>${image}<figcaption>row ${row}<br>labelled <strong>${labelOf(label)}</strong>, ${counted(screens.length, 'screen')}${decided}</figcaption></figure></li>`
      })}</ul>`
    : htmlTable(
        'Rows that were found',
        [
          { title: 'Row', whole: true },
          { title: 'Label', breakable: true },
          { title: 'Score', align: 'right', whole: true },
          { title: 'Verdict', whole: true },
          { title: 'Screens', breakable: true },
        ],
        shown.map(({ row, label, score, verdict, screens }) => [
          `row ${row}`,
          labelOf(label),
          number(score),
          verdict,
          screens.map(({ id }) => id).join(', '),
        ]),
      )
}</section>`
}

const filesSection = ({ data, model, outputs, decisions, counts }: Screening): Markup =>
  markup`<section aria-labelledby="files"><h2 id="files">Files</h2>
<dl class="facts"><dt>Rows</dt><dd>${count(counts.in)} in = ${count(counts.passed)} passed + ${count(counts.quarantined)} set aside</dd>
${decisions ? markup`<dt>Decided by</dt><dd>${decisions.by}: ${count(decisions.kept)} kept, ${count(decisions.removed)} removed</dd>` : ''}
${Object.entries({ data, model, ...outputs, decisions }).map(([role, file]) =>
  file === undefined
    ? ''
    : markup`<dt>${role}</dt><dd>${file.path}<br><span class="mono small">SHA-256 ${file.sha256}</span></dd>`,
)}</dl></section>`

/** The result as one HTML file that needs nothing else. The same result without its duration is the same bytes. */
export const renderScreening = (
  screening: Screening,
  pictures: ReadonlyMap<number, string>,
  classes?: readonly string[],
): string => {
  const { data, tool, verdict } = screening
  const tone = verdict === 'nothing found' ? 'passed' : 'failed'
  return htmlPage({
    title: `${data.path}: ${verdict} (Bartizan screening)`,
    header: markup`<header><p class="kicker"><span>Bartizan screening</span><span>${tool.name} ${tool.version}</span></p>
<h1>${data.path}</h1><p class="about">screened for poison and outliers</p></header>`,
    main: markup`<section class="verdict ${tone}" aria-labelledby="verdict-title" data-verdict="${verdict}"><h2 id="verdict-title">${signs[tone]}<span><strong>${words[verdict]}</strong>: ${screeningSentence(screening)}</span></h2></section>
${screensSection(screening)}
${rowsSection(screening, pictures, classes)}
${nullSection(screening)}
${filesSection(screening)}`,
    tool,
    durations: 'the result of --json',
  })
}
