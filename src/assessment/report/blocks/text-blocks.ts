import { bareInterval, percent } from '../format.ts'
import { displayWidth, renderTable, wrapText } from '../table.ts'
import type { Block, BlockSection } from './block.ts'

/** The points of a chart as rows of a table: which line, where, how much, its interval. */
export const chartRows = ({ series, xText }: Extract<Block, { kind: 'chart' }>): readonly (readonly string[])[] =>
  series.flatMap(({ name, points }) => points.map(({ x, y }) => [name, xText(x), percent(y.value), bareInterval(y)]))

const textBlock = (block: Block, width: number): readonly string[] => {
  switch (block.kind) {
    case 'heading':
      return ['', block.text, '-'.repeat(displayWidth(block.text))]
    case 'text':
      return ['', wrapText(block.text.replaceAll('`', ''), width)]
    case 'table':
      return ['', block.title, renderTable(block.columns, block.rows, width)]
    case 'chart': {
      const columns = [
        { title: '' },
        { title: block.xLabel, align: 'right' },
        { title: block.yLabel, align: 'right' },
        { title: '95 % interval', align: 'right' },
      ] as const
      return ['', block.title, renderTable(columns, chartRows(block), width)]
    }
    case 'pictures':
      return []
  }
}

/** A section for a terminal, lines at most `width` wide. */
export const textSection = ({ title, lead, blocks }: BlockSection, width: number): readonly string[] => [
  '',
  title,
  ...(lead === '' ? [] : [wrapText(lead, width)]),
  ...blocks.flatMap((block) => textBlock(block, width)),
]
