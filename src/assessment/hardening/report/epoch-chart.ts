import { number } from '../../report/format.ts'
import { linearAxis } from '../../report/html/axis.ts'
import { htmlTable } from '../../report/html/html-table.ts'
import { type Markup, markup } from '../../report/markup.ts'

export interface EpochChart {
  /** Unique in the page. */
  readonly id: string
  readonly title: string
  readonly yLabel: string
  /** Highest value of the axis; that of the data where it is left out. */
  readonly most?: number
  readonly text: (value: number) => string
  /** Values by epoch, from the first on. */
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[]
}

const size = { width: 440, height: 260, left: 56, right: 424, top: 12, bottom: 212 }

/** What was measured once an epoch, without intervals: loss or accuracies, with the numbers in a table below. */
export const epochChart = ({ id, title, yLabel, most, text, ...chart }: EpochChart): Markup => {
  const series = chart.series.filter(({ values }) => values.length > 0)
  const epochs = Math.max(...series.map(({ values }) => values.length))
  const x = linearAxis(epochs, size.left, size.right)
  const y = linearAxis(most ?? Math.max(...series.flatMap(({ values }) => values)), size.bottom, size.top, 4)
  const middle = (size.top + size.bottom) / 2
  const drawn = series.map(({ values }, i) => {
    const at = values.map((value, epoch) => [x.at(epoch + 1).toFixed(1), y.at(value).toFixed(1)] as const)
    return markup`<g class="s${i}"><polyline class="curve" points="${at.map((point) => point.join(',')).join(' ')}"/>${at.map(([cx, cy]) => markup`<circle class="mark" cx="${cx}" cy="${cy}" r="3"/>`)}</g>`
  })
  const described = series
    .map(({ name, values }) => `${name}: from ${text(values[0]!)} to ${text(values.at(-1)!)}.`)
    .join(' ')
  return markup`<figure class="card"><figcaption>${title}</figcaption>
<svg class="chart" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${described}</desc>${y.ticks.map(
    (tick) =>
      markup`<line class="grid" x1="${size.left}" x2="${size.right}" y1="${y.at(tick).toFixed(1)}" y2="${y.at(tick).toFixed(1)}"/><text x="${size.left - 8}" y="${(y.at(tick) + 4).toFixed(1)}" text-anchor="end">${number(tick)}</text>`,
  )}<line class="base" x1="${size.left}" x2="${size.right}" y1="${size.bottom}" y2="${size.bottom}"/>${x.ticks
    .filter(Number.isInteger)
    .map(
      (tick) => markup`<text x="${x.at(tick).toFixed(1)}" y="${size.bottom + 19}" text-anchor="middle">${tick}</text>`,
    )}<text class="axis" x="${(size.left + size.right) / 2}" y="${size.bottom + 40}" text-anchor="middle">Epoch</text><text class="axis" x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">${yLabel}</text>${drawn}</svg>
<ul class="legend">${series.map(
    ({ name }, i) =>
      markup`<li><svg class="s${i}" width="30" height="12" aria-hidden="true" focusable="false"><path class="curve" d="M0 6H30"/></svg>${name}</li>`,
  )}</ul>
<details><summary>Numbers of this chart</summary>${htmlTable(
    `Numbers of the chart: ${title}`,
    [{ title: 'Epoch' }, ...series.map(({ name }) => ({ title: name, align: 'right' }) as const)],
    Array.from({ length: epochs }, (_, epoch) => [
      epoch + 1,
      ...series.map(({ values }) => (values[epoch] === undefined ? '' : text(values[epoch]))),
    ]),
  )}</details></figure>`
}
