import type { Figure } from '../../../contract/index.ts'
import { bareInterval, number, percent } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { type Axis, linearAxis, logAxis } from './axis.ts'
import { htmlTable } from './html-table.ts'

export interface Series {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: Figure }[]
  /** Too few points to say what lies between them: each is drawn alone, with its interval. */
  readonly apart?: boolean
}

export interface LineChart {
  /** Unique in the page. */
  readonly id: string
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly logarithmic?: boolean
  /** `x` as the data table prints it. */
  readonly xText: (x: number) => string
  /** What the lines are; default: attacks. */
  readonly seriesTitle?: string
  readonly series: readonly Series[]
}

const size = { width: 440, height: 280, left: 50, right: 424, top: 12, bottom: 232 }
const tones = 5

const point = (x: number, y: number): string => `${x.toFixed(1)},${y.toFixed(1)}`

/** One shape a series, so that they can be told apart without colour. */
const mark = (index: number, x: number, y: number): Markup => {
  const [r, s] = [3.6, 3.2]
  const shapes = [
    `M${point(x - r, y)}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0z`,
    `M${point(x - s, y - s)}h${2 * s}v${2 * s}h${-2 * s}z`,
    `M${point(x, y - 4.4)}l4.4,7.6h-8.8z`,
    `M${point(x, y - 4.8)}l4.8,4.8l-4.8,4.8l-4.8,-4.8z`,
    `M${point(x, y + 4.4)}l4.4,-7.6h-8.8z`,
  ]
  return markup`<path class="mark" d="${shapes[index % tones]!}"/>`
}

const line = ({ points, apart }: Series, index: number, x: Axis, y: Axis): Markup => {
  const marks = points.map((p) => mark(index, x.at(p.x), y.at(p.y.value)))
  if (apart) {
    const intervals = points.map(
      (p) => markup`<path class="curve" d="M${point(x.at(p.x), y.at(p.y.low))}V${y.at(p.y.high).toFixed(1)}"/>`,
    )
    return markup`<g class="s${index % tones}">${intervals}${marks}</g>`
  }
  const upper = points.map((p) => point(x.at(p.x), y.at(p.y.high)))
  const lower = points.map((p) => point(x.at(p.x), y.at(p.y.low))).reverse()
  const middle = points.map((p) => point(x.at(p.x), y.at(p.y.value)))
  return markup`<g class="s${index % tones}"><polygon class="band" points="${[...upper, ...lower].join(' ')}"/><polyline class="curve" points="${middle.join(' ')}"/>${marks}</g>`
}

const axes = (x: Axis, y: Axis, { xLabel, yLabel }: LineChart): Markup => {
  const { left, right, top, bottom } = size
  const middle = (top + bottom) / 2
  return markup`${y.ticks.map(
    (tick) =>
      markup`<line class="grid" x1="${left}" x2="${right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/><text x="${left - 8}" y="${y.at(tick) + 4}" text-anchor="end">${100 * tick}</text>`,
  )}<line class="base" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>${x.ticks.map(
    (tick) =>
      markup`<line class="base" x1="${x.at(tick).toFixed(1)}" x2="${x.at(tick).toFixed(1)}" y1="${bottom}" y2="${bottom + 4}"/><text x="${x.at(tick).toFixed(1)}" y="${bottom + 19}" text-anchor="middle">${number(tick)}</text>`,
  )}<text class="axis" x="${(left + right) / 2}" y="${bottom + 40}" text-anchor="middle">${xLabel}</text><text class="axis" x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">${yLabel}</text>`
}

const described = ({ series, xText }: LineChart): string =>
  series
    .map(({ name, points }) => {
      const [first, last] = [points[0]!, points.at(-1)!]
      return `${name}: from ${percent(first.y.value)} at ${xText(first.x)} to ${percent(last.y.value)} at ${xText(last.x)}.`
    })
    .join(' ')

const legend = (series: readonly Series[]): Markup =>
  markup`<ul class="legend">${series.map(
    ({ name, apart }, i) =>
      markup`<li><svg class="s${i % tones}" width="30" height="12" aria-hidden="true" focusable="false"><path class="curve" d="${apart ? 'M15 0V12' : 'M0 6H30'}"/>${mark(i, 15, 6)}</svg>${name}</li>`,
  )}</ul>`

/**
 * Shares against `x`: a line and the band of its 95 % intervals for each series, with a title and a description for
 * screen readers and the numbers in a table below.
 */
export const lineChart = (chart: LineChart): Markup => {
  const series = chart.series.filter(({ points }) => points.length > 0)
  const drawn = { ...chart, series }
  const xs = series.flatMap(({ points }) => points.map((p) => p.x))
  const x = chart.logarithmic
    ? logAxis(Math.min(...xs), Math.max(...xs), size.left, size.right)
    : linearAxis(Math.max(...xs), size.left, size.right)
  const y = linearAxis(1, size.bottom, size.top, 4)
  const rows = series.flatMap(({ name, points }) =>
    points.map((p) => [name, chart.xText(p.x), percent(p.y.value), `${bareInterval(p.y)} %`, p.y.n]),
  )
  return markup`<figure class="card"><figcaption>${chart.title}</figcaption>
<svg class="chart" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="${chart.id}-title ${chart.id}-desc"><title id="${chart.id}-title">${chart.title}</title><desc id="${chart.id}-desc">${described(drawn)}</desc>${axes(x, y, chart)}${series.map((one, i) => line(one, i, x, y))}</svg>
${legend(series)}
<details><summary>Numbers of this chart</summary>${htmlTable(
    `Numbers of the chart: ${chart.title}`,
    [
      { title: chart.seriesTitle ?? 'Attack' },
      { title: chart.xLabel, align: 'right' },
      { title: chart.yLabel, align: 'right' },
      { title: '95 % interval', align: 'right', whole: true },
      { title: 'Rows', align: 'right' },
    ],
    rows,
  )}</details></figure>`
}
