import type { Norm, Report } from '../../../contract/index.ts'
import { bareInterval, budget, count, normNames, number, percent } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { htmlTable } from './html-table.ts'
import { intervalBar } from './interval-bar.ts'
import { lineChart } from './line-chart.ts'
import { anchor, budgetOf, section, statusChip } from './parts.ts'

const attackTable = ({ probes, input }: Report): Markup =>
  htmlTable(
    'Robust accuracy by attack',
    [
      { title: 'Attack' },
      { title: 'Budget', whole: true },
      { title: 'Robust accuracy' },
      { title: '95 % interval', align: 'right' },
      { title: 'Rows', align: 'right' },
      { title: 'Median distance', align: 'right' },
      { title: 'Queries a row', align: 'right' },
      { title: 'Result' },
    ],
    probes.flatMap((probe) => {
      const { result } = probe
      if (result === undefined) return []
      const { robustAccuracy, distance, queries, rows } = result
      return [
        [
          markup`<a href="#${anchor(probe.id)}">${probe.attack}</a>`,
          budgetOf(probe, input),
          markup`<span class="measured"><span class="num">${percent(robustAccuracy.value)}</span>${intervalBar(robustAccuracy, 'bar')}</span>`,
          markup`<span class="num">${bareInterval(robustAccuracy)} %</span>`,
          count(rows),
          distance.median === null ? 'none broken' : number(distance.median),
          count((queries.forward + queries.gradient) / Math.max(rows, 1)),
          statusChip(probe.status),
        ],
      ]
    }),
  )

const curveCharts = ({ curves, input }: Report): readonly Markup[] => {
  const norms = [...new Set(curves.map(({ norm }) => norm))]
  return norms.map((norm: Norm) =>
    lineChart({
      id: `curve-${norm}`,
      title: `Accuracy against the ${normNames[norm]} budget`,
      xLabel:
        norm === 'l0'
          ? 'Changed elements'
          : `${normNames[norm]} budget (range ${input.range.map(number).join(' to ')})`,
      yLabel: 'Accuracy, %',
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

const queryChart = ({ probes, input }: Report): Markup | '' => {
  const series = probes.flatMap((probe) => {
    const points = (probe.queryCurve ?? []).filter(({ queries }) => queries > 0)
    if (points.length === 0) return []
    const name = `${probe.attack}, ${budgetOf(probe, input)}`
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
    'Robust accuracy is the share of all rows still predicted as labelled after the attack. Bands and whiskers are 95 % intervals.',
    markup`<div class="columns">${curveCharts(report)}${queryChart(report)}</div>${report.probes.some(({ result }) => result) ? markup`<h3>By attack</h3>${attackTable(report)}` : markup`<p>No attack ran.</p>`}`,
  )
