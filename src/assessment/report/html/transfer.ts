import type { Figure, Report, TransferMatrix } from '../../../contract/index.ts'
import { bareInterval, budget, count, normNames, percent } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { cleanName, craftedName, modelNames, transferLead } from '../transfer-names.ts'
import { htmlTable } from './html-table.ts'
import { section } from './parts.ts'

/** A figure on a ground that is the warmer the more was lost; the tone repeats the number. */
const heat = ({ value, low, high, n }: Figure, note = ''): Markup => {
  const tone = Math.round(10 * (1 - value))
  return markup`<span class="heat h${tone}"><strong class="num">${percent(value)}</strong> <span class="num small">${bareInterval({ value, low, high, n })} %</span>${
    note === '' ? '' : markup`<br><span class="small">${note}</span>`
  }</span>`
}

const table = (matrix: TransferMatrix, { input }: Report): Markup => {
  const { norm, epsilon, clean, crafted } = matrix
  const within = `${normNames[norm]} ${budget(epsilon, norm, input)}`
  const names = modelNames(matrix)
  return markup`<h3>${within}</h3>${htmlTable(
    `Transfer within ${within}`,
    [{ title: 'Rows' }, ...names.map((name, i) => ({ title: i === 0 ? `${name} (assessed)` : name }))],
    [
      [cleanName, ...clean.map((figure) => heat(figure))],
      ...crafted.map(({ on, robust }) => [
        craftedName(matrix, on),
        ...robust.map((figure, column) => heat(figure, on.includes(column) ? 'own weights' : '')),
      ]),
    ],
  )}`
}

/** Which rows carry over from which model to which; empty where no surrogate was given. */
export const transferSection = (report: Report): Markup | '' => {
  const { transfer = [] } = report
  if (transfer.length === 0) return ''
  const rows = count(transfer[0]!.clean[0]!.n)
  return section(
    'transfer',
    'Transfer',
    `${transferLead} On the first ${rows} rows; small figures are 95 % intervals.`,
    transfer.map((matrix) => table(matrix, report)),
  )
}
