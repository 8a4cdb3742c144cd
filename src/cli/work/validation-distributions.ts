import { count, number, percent } from '../../assessment/report/format.ts'
import { type Content, type Markup, markup } from '../../assessment/report/markup.ts'
import type { CheckResult, Distribution, Validation } from '../../contract/validation.ts'
import { verdictChip } from './validation-chip.ts'

interface Bin {
  readonly label: string
  readonly reference: number
  readonly current: number
}

const sum = (counts: readonly number[]): number => counts.reduce((total, value) => total + value, 0)

/** "up to 12", "12 to 20", "above 20": the upper edge of a bin lies in it. */
const edgeLabel = (edges: readonly number[], i: number): string => {
  const [low, high] = [edges[i - 1], edges[i]]
  if (low === undefined) return high === undefined ? 'all' : `up to ${number(high)}`
  return high === undefined ? `above ${number(low)}` : `${number(low)} to ${number(high)}`
}

const binsOf = (distribution: Distribution): readonly Bin[] => {
  const { reference, current } = distribution
  const at = (label: string, i: number): Bin => ({ label, reference: reference[i]!, current: current[i]! })
  if (distribution.kind !== 'categories') return reference.map((_, i) => at(edgeLabel(distribution.edges, i), i))
  const { names, others } = distribution
  return [
    ...names.map(at),
    ...(others.names === 0
      ? []
      : [{ ...others, label: `${count(others.names)} other${others.names === 1 ? '' : 's'}` }]),
  ]
}

/** Two bars, one above the other. They repeat the shares beside them, so they are hidden from screen readers. */
const bars = (reference: number, current: number): Markup => {
  const rect = (series: string, y: number, share: number): Markup =>
    markup`<g class="${series}"><rect class="mark" x="0" y="${y}" width="${(200 * share).toFixed(1)}" height="7"/></g>`
  return markup`<svg class="bar" viewBox="0 0 200 18" preserveAspectRatio="none" aria-hidden="true" focusable="false"><path class="base" d="M0 0V18"/>${rect('s4', 1, reference)}${rect('s0', 10, current)}</svg>`
}

const nouns = { numbers: 'Numbers', lengths: 'Lengths of texts', categories: 'Categories' } as const
const units = { numbers: 'Value', lengths: 'Characters', categories: 'Category' } as const

/** The shares of a column's bins in both tables; the longest bar of the column is as long as there is room. */
const histogram = (distribution: Distribution, check: CheckResult | undefined): Markup => {
  const bins = binsOf(distribution)
  const [n, m] = [sum(bins.map(({ reference }) => reference)), sum(bins.map(({ current }) => current))]
  const shares = bins.map(({ label, reference, current }) => ({
    label,
    reference: reference / n,
    current: current / m,
  }))
  const longest = Math.max(...shares.flatMap(({ reference, current }) => [reference, current]))
  const { column, kind } = distribution
  const caption = `${nouns[kind]}: ${count(n)} in the reference, ${count(m)} in the data`
  return markup`<div class="card"><h3>${column} ${check === undefined ? '' : verdictChip(check)}</h3>
<table class="bins" aria-label="${column}: ${caption}"><caption>${caption}</caption><thead><tr><th scope="col">${units[kind]}</th><td></td><th scope="col" class="right">Reference</th><th scope="col" class="right">Data</th></tr></thead>
<tbody>${shares.map(
    ({ label, reference, current }) =>
      markup`<tr><th scope="row">${label}</th><td>${bars(reference / longest, current / longest)}</td><td class="right">${percent(reference)}</td><td class="right">${percent(current)}</td></tr>\n`,
  )}</tbody></table></div>`
}

const swatch = (series: string, name: string): Markup =>
  markup`<li class="${series}"><svg width="22" height="10" viewBox="0 0 22 10" aria-hidden="true" focusable="false"><rect class="mark" width="22" height="10"/></svg>${name}</li>`

/** Columns whose distribution is another than the reference's first; the others stand folded up. */
export const distributionsSection = ({ distributions, checks }: Validation): Content => {
  if (distributions === undefined || distributions.length === 0) return ''
  const byId = new Map(checks.map((check) => [check.id, check]))
  const isPassed = ({ check }: Distribution): boolean => byId.get(check)?.verdict === 'passed'
  const drawn = (some: readonly Distribution[]): Markup =>
    markup`<div class="columns start">${some.map((found) => histogram(found, byId.get(found.check)))}</div>`
  const told = distributions.filter((found) => !isPassed(found))
  const folded = distributions.filter(isPassed)
  return markup`<section aria-labelledby="distributions"><h2 id="distributions">Distributions against the reference</h2>
<p class="lead">Shares of the values that are there. Bins of numbers each hold about a tenth of the reference; fewer where values are tied. A bin includes its upper edge.</p>
<ul class="legend">${swatch('s4', 'reference')}${swatch('s0', 'data')}</ul>
${told.length === 0 ? '' : drawn(told)}
${
  folded.length === 0
    ? ''
    : markup`<details><summary>${folded.length === 1 ? 'One column' : `${count(folded.length)} columns`} without a difference that matters</summary>${drawn(folded)}</details>`
}</section>`
}
