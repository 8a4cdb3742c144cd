import type { Figure, Report, TransferMatrix } from '../../contract/index.ts'
import { bareInterval, budget, normNames, percent } from './format.ts'
import { renderTable, widest, wrapText } from './table.ts'
import { cleanName, modelNames, transferLead } from './transfer-names.ts'

/** Robust accuracy of each model, named by a number, on rows that were made on others. As many tables as the width asks. */
const transferTables = (matrix: TransferMatrix, { input }: Report, width: number): readonly string[] => {
  const { norm, epsilon, clean, crafted } = matrix
  const names = modelNames(matrix)
  const line = (title: string, figures: readonly Figure[]): readonly string[] => [
    title,
    ...figures.map((figure) => `${percent(figure.value)} (${bareInterval(figure)})`),
  ]
  const rows = [
    line(cleanName, clean),
    ...crafted.map(({ on, robust }) => line(on.length > 1 ? 'made on all' : `made on ${on[0]}`, robust)),
  ]
  const [first, each] = [widest(rows.map(([title = '']) => title)), widest(rows.flatMap(([, ...cells]) => cells)) + 2]
  const abreast = Math.max(1, Math.floor((width - first) / each))
  const groups = Array.from({ length: Math.ceil(names.length / abreast) }, (_, i) => i * abreast)
  return [
    '',
    `within ${normNames[norm]} ${budget(epsilon, norm, input)}, judged on`,
    ...names.map((name, i) => wrapText(`${i}: ${name}${i === 0 ? ' (assessed)' : ''}`, width, '   ')),
    ...groups.map((from) =>
      renderTable(
        [
          { title: 'rows' },
          ...names.map((_, i) => ({ title: String(i), align: 'right' }) as const).slice(from, from + abreast),
        ],
        rows.map(([title = '', ...cells]) => [title, ...cells.slice(from, from + abreast)]),
        width,
      ),
    ),
  ]
}

/** The transfer matrices for a terminal; nothing where no surrogate was given. */
export const transferText = (report: Report, width: number): readonly string[] =>
  report.transfer
    ? ['', wrapText(transferLead, width), ...report.transfer.flatMap((matrix) => transferTables(matrix, report, width))]
    : []
