import type { Images } from '../html/examples.ts'
import { htmlTable } from '../html/html-table.ts'
import { lineChart } from '../html/line-chart.ts'
import { prose, section } from '../html/parts.ts'
import { type Markup, markup } from '../markup.ts'
import type { Block, BlockSection } from './block.ts'

const htmlBlock = (block: Block, images: Images): Markup | '' => {
  switch (block.kind) {
    case 'heading':
      return markup`<h3>${block.text}</h3>`
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
      return markup`<ul class="strip">${known.map(
        ({ uri, alt, caption }) =>
          markup`<li><figure><img src="${uri}" alt="${alt}"><figcaption>${caption}</figcaption></figure></li>`,
      )}</ul>`
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
