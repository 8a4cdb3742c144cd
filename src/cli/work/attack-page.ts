import { attackTitle, distanceSummary, evasionFacts } from '../../assessment/report/evasion-lines.ts'
import { bareInterval, budget, count, normNames, number, percent } from '../../assessment/report/format.ts'
import { examplesSection } from '../../assessment/report/html/examples.ts'
import { fittedSection } from '../../assessment/report/html/fitted.ts'
import { htmlTable } from '../../assessment/report/html/html-table.ts'
import { intervalBar } from '../../assessment/report/html/interval-bar.ts'
import { htmlPage } from '../../assessment/report/html/page.ts'
import { facts, section } from '../../assessment/report/html/parts.ts'
import { encoded } from '../../assessment/report/html/render-html.ts'
import { queryChart } from '../../assessment/report/html/robustness.ts'
import type { Picture } from '../../assessment/report/index.ts'
import { type Markup, markup } from '../../assessment/report/markup.ts'
import { wordsFor } from '../../assessment/report/task-words.ts'
import type { AttackResult, EvasionProbe, InputInfo, Report } from '../../contract/index.ts'

export interface AttackPage {
  readonly result: AttackResult
  readonly input: InputInfo
  /** The run as a probe, with its worst examples. */
  readonly probe: EvasionProbe
  readonly pictures: ReadonlyMap<string, Picture>
  readonly model: { readonly path: string; readonly sha256: string }
  readonly data: {
    readonly path: string
    readonly from: number
    readonly to: number
    readonly classNames?: readonly string[]
  }
  readonly tool: Report['tool']
}

const shares = ({ result }: AttackPage): Markup => {
  const { task, attack, cleanAccuracy, robustAccuracy } = result
  const rows = [
    [task ? 'Can be broken' : 'Before the attack', cleanAccuracy],
    [`After ${attack}`, robustAccuracy],
  ] as const
  return htmlTable(
    wordsFor({ task }).robust,
    [
      { title: 'Rows' },
      { title: task ? 'Share' : 'Accuracy' },
      { title: '95 % interval', align: 'right' },
      { title: 'Number', align: 'right' },
    ],
    rows.map(([name, measured]) => [
      name,
      markup`<span class="measured"><span class="num">${percent(measured.value)}</span>${intervalBar(measured, 'bar')}</span>`,
      markup`<span class="num">${bareInterval(measured)} %</span>`,
      count(measured.n),
    ]),
  )
}

const details = ({ result, input, model, data }: AttackPage): Markup => {
  const { norm = 'linf', epsilon, params, rows, distance, queries, seed = 0, units } = result
  const each = (asked: number): string => number(asked / Math.max(rows, 1))
  return markup`<div class="columns"><div class="card"><h3>Attack</h3>${facts([
    ['Budget', epsilon === undefined ? 'none' : `${normNames[norm]} ${budget(epsilon, norm, input)}`],
    ['Measured', units],
    ['Distance', distanceSummary(distance) ?? 'none broken'],
    ...evasionFacts(result).map(([name, line]) => [name, line ?? ''] as const),
    ['Queries', `${each(queries.forward)} forward and ${each(queries.gradient)} gradient a row`],
    [
      'Parameters',
      Object.entries(params)
        .map(([key, value]) => `${key} ${value}`)
        .join(', '),
    ],
    ['Seed', String(seed)],
  ])}</div><div class="card"><h3>Model and rows</h3>${facts([
    ['Model', model.path],
    ['SHA-256', markup`<span class="mono">${model.sha256}</span>`],
    ['Rows', `${data.from} to ${data.to - 1} of ${data.path}`],
    ['Range', `${input.range.map(number).join(' to ')}, ${input.units}`],
    ['Rounded to', input.levels && `${input.levels} numbers over the range, as values are stored`],
  ])}</div></div>`
}

/** One attack's run as an HTML file that needs nothing else. The same result is the same bytes. */
export const renderAttackPage = async (page: AttackPage): Promise<string> => {
  const { result, input, probe, model, data, tool } = page
  const { attack, task, seed = 0 } = result
  const images = await encoded(page.pictures)
  const shown = { probes: [probe], input, task, data }
  return htmlPage({
    title: `${attack} on ${model.path} (Bartizan)`,
    header: markup`<header><p class="kicker"><span>Bartizan attack run</span><span>${tool.name} ${tool.version}, seed ${seed}</span></p>
<h1>${attack} on ${model.path}</h1><p class="about">${attackTitle(result, input)}; ${count(result.rows)} rows of ${data.path}</p></header>`,
    main: markup`${section('result', `${wordsFor({ task }).robust} ${percent(result.robustAccuracy.value)}`, wordsFor({ task }).meaning, shares(page))}
${fittedSection(shown, images)}
${queryPart(page)}
${examplesSection(shown, images)}
${section('method', 'How this was measured', 'A row counts as broken only after the example was clipped to the declared range, predicted again and checked against the budget.', details(page))}`,
    tool,
    durations: 'the result of --json',
  })
}

const queryPart = ({ result, probe, input }: AttackPage): Markup | '' => {
  const { queriesToBreak, queries, rows } = result
  if (!queriesToBreak) return ''
  return section(
    'curve',
    'Success against queries',
    '',
    markup`<div class="columns">${queryChart({ probes: [probe], input })}<div class="card"><h3>What breaking a row took</h3>${facts(
      [
        ['Half of the broken', `by ${count(queriesToBreak.median)} queries`],
        ['Nine in ten', `by ${count(queriesToBreak.ninety)} queries`],
        ['All', `${count(queriesToBreak.rows)} rows by ${count(queriesToBreak.most)} queries`],
        ['Asked in all', `${count(queries.forward)} rows, ${number(queries.forward / Math.max(rows, 1))} a row`],
      ],
    )}</div></div>`,
  )
}
