import type { Images } from '../html/examples.ts'
import { htmlTable } from '../html/html-table.ts'
import { lineChart } from '../html/line-chart.ts'
import { prose, section } from '../html/parts.ts'
import { type Markup, markup } from '../markup.ts'
import type { Block, BlockSection } from './block.ts'

const htmlBlock = (block: Block, images: Images): Markup | '' => {
  switch (block.kind) {
    case 'text':
      return markup`<p>${prose(block.text)}</p>`
    case 'table':
      return htmlTable(block.title, block.columns, block.rows)
    case 'chart':
      return markup`<div class="columns">${lineChart(block)}</div>`
    case 'pictures': {
      const known = block.items.flatMap(({ name, ...item }) => {
        const uri = images.get(name)
        return uri === undefined ? [] : [{ ...item, uri }]
      })
      if (known.length === 0) return ''
      return markup`<div class="pictures many">${known.map(
        ({ uri, alt, caption }) =>
          markup`<figure><img src="${uri}" alt="${alt}"><figcaption>${caption}</figcaption></figure>`,
      )}</div>`
    }
  }
}

/** A section of the page made of blocks; pictures that `images` doesn't hold are left out. */
export const htmlSection = ({ id, title, lead, blocks }: BlockSection, images: Images): Markup =>
  section(
    id,
    title,
    lead,
    blocks.map((block) => htmlBlock(block, images)),
  )
