import { expect, it } from 'vitest'
import { figure } from '../../../stats/index.ts'
import { lineChart } from './line-chart.ts'

const points = [0.1, 0.3].map((x) => ({ x, y: figure(Math.round(100 - 100 * x), 100) }))
const drawn = (apart: boolean): string =>
  lineChart({
    id: 'chart',
    title: 'Robust accuracy',
    xLabel: 'Budget',
    yLabel: '%',
    xText: String,
    series: [{ name: 'worst case', points, apart }],
  }).markup

it('joins the points of a curve under the band of their intervals', () => {
  expect(drawn(false).match(/<polyline/g)).toHaveLength(1)
  expect(drawn(false).match(/<polygon/g)).toHaveLength(1)
})

it('claims nothing between points that stand apart, and shows the interval of each', () => {
  expect(drawn(true)).not.toMatch(/<polyline|<polygon/)
  expect(drawn(true).match(/<path class="curve" d="M[\d.]+,[\d.]+V[\d.]+"/g)).toHaveLength(points.length)
})
