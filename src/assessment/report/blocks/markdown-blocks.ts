import { markdownTable, plain } from '../markdown-parts.ts'
import type { Block, BlockSection } from './block.ts'
import { chartRows } from './text-blocks.ts'

const markdownBlock = (block: Block): readonly string[] => {
  switch (block.kind) {
    case 'heading':
      return ['', `#### ${plain(block.text)}`]
    case 'text':
      return ['', plain(block.text.replaceAll('`', ''))]
    case 'table':
      return markdownTable(
        block.columns.map(({ title }) => plain(title)),
        block.rows,
      )
    case 'chart':
      return markdownTable(
        [plain(block.title), plain(block.xLabel), plain(block.yLabel), '95 % interval'],
        chartRows(block),
      )
    case 'pictures':
      return []
  }
}

/** A section as GitHub-flavoured Markdown. */
export const markdownSection = ({ title, lead, blocks }: BlockSection): readonly string[] => [
  '',
  `### ${plain(title)}`,
  ...(lead === '' ? [] : ['', plain(lead)]),
  ...blocks.flatMap(markdownBlock),
]
