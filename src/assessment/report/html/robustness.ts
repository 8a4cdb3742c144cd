import type { Norm, Report } from '../../../contract/index.ts'
import { attackProbes } from '../corruption-lines.ts'
import { attackTitle, sizeText } from '../evasion-lines.ts'
import { bareInterval, budget, count, normNames, number, percent } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { evasionProbes } from '../probes-of.ts'
import { wordsFor } from '../task-words.ts'
import { certifiedPart } from './certified.ts'
import { htmlTable } from './html-table.ts'
import { intervalBar } from './interval-bar.ts'
import { lineChart } from './line-chart.ts'
import { anchor, budgetOf, section, statusChip } from './parts.ts'

const attackTable = (report: Report): Markup =>
  htmlTable(
    `${wordsFor(report).robust} by attack`,
    [
      { title: 'Attack' },
      { title: 'Budget', whole: true },
      { title: wordsFor(report).robust },
      { title: '95 % interval', align: 'right' },
      { title: 'Rows', align: 'right' },
      { title: 'Median distance', align: 'right' },
      { title: 'Queries a row', align: 'right' },
      { title: 'Result' },
    ],
    attackProbes(report).flatMap((probe) => {
      const { result } = probe
      if (result === undefined) return []
      const { robustAccuracy, distance, queries, rows } = result
      return [
        [
          markup`<a href="#${anchor(probe.id)}">${probe.attack}</a>`,
          budgetOf(probe, report.input),
          markup`<span class="measured"><span class="num">${percent(robustAccuracy.value)}</span>${intervalBar(robustAccuracy, 'bar')}</span>`,
          markup`<span class="num">${bareInterval(robustAccuracy)} %</span>`,
          count(rows),
          distance.median === null ? 'none broken' : sizeText(distance.norm, distance.median),
          count((queries.forward + queries.gradient) / Math.max(rows, 1)),
          statusChip(probe.status),
        ],
      ]
    }),
  )

const curveCharts = ({ curves, input, task }: Report): readonly Markup[] => {
  const norms = [...new Set(curves.map(({ norm }) => norm))]
  return norms.map((norm: Norm) =>
    lineChart({
      id: `curve-${norm}`,
      title: `${task ? 'Robust share' : 'Accuracy'} against the ${normNames[norm]} budget`,
      xLabel:
        norm === 'l0'
          ? 'Changed elements'
          : `${normNames[norm]} budget (range ${input.range.map(number).join(' to ')})`,
      yLabel: task ? 'Robust share, %' : 'Accuracy, %',
      xText: (epsilon) => budget(epsilon, norm, input),
      series: curves
        .filter((curve) => curve.norm === norm)
        .map(({ attack, points }) => ({
          name: attack,
          points: points.map(({ epsilon, accuracy }) => ({ x: epsilon, y: accuracy })),
        })),
    }),
  )
}

/** Success against queries, of every probe that counts them. */
export const queryChart = (report: Pick<Report, 'probes' | 'input'>): Markup | '' => {
  const { input } = report
  const series = evasionProbes(report).flatMap((probe) => {
    const points = (probe.queryCurve ?? []).filter(({ queries }) => queries > 0)
    if (points.length === 0) return []
    const name = attackTitle(probe, input)
    return [{ name, points: points.map(({ queries, success }) => ({ x: queries, y: success })) }]
  })
  if (series.length === 0) return ''
  return lineChart({
    id: 'queries',
    title: 'Success against queries',
    xLabel: 'Queries a row (logarithmic)',
    yLabel: 'Rows broken, %',
    logarithmic: true,
    xText: (queries) => count(queries),
    series,
  })
}

export const robustnessSection = (report: Report): Markup =>
  section(
    'robustness',
    'Robustness',
    `${wordsFor(report).meaning} Bands and whiskers are 95 % intervals.`,
    markup`<div class="columns">${curveCharts(report)}${queryChart(report)}</div>${attackProbes(report).some(({ result }) => result) ? markup`<h3>By attack</h3>${attackTable(report)}` : report.corruptions ? markup`<p>No attack ran; <a href="#corruptions">corruptions</a> did.</p>` : markup`<p>No attack ran.</p>`}${certifiedPart(report)}`,
  )
