import type { Lineage, LineageNode } from '../../contract/lineage.ts'
import { type Card, cardOf, printable } from './card.ts'
import { centres } from './coordinates.ts'
import { layered, type Route } from './layers.ts'
import { wrappedText } from './wrapped-text.ts'

const margin = 16
const gap = 14
const layerGap = 34
const cardWidth = 172
const waypointWidth = 10
const lineHeight = 16
const padding = 10

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in XML. */
export const xmlText = (text: string): string => printable(text).replace(/[&<>"']/g, (char) => escapes[char])

interface Line {
  readonly text: string
  readonly style: string
}

/** All lines of a card, each short enough for it. */
const linesOf = (node: LineageNode, { heading, lines, alarm }: Card): readonly Line[] => {
  const styled = (text: string, width: number, most: number, style: string): readonly Line[] =>
    wrappedText(text, width, most).map((each) => ({ text: each, style }))
  return [
    ...styled(heading, 19, 3, 'h'),
    ...lines.flatMap((text, i) => styled(text, 22, 2, node.type === 'artefact' && i === 0 ? 'm' : '')),
    ...(alarm === undefined ? [] : styled(alarm, 24, 3, 'a')),
  ]
}

const heightOf = (lines: readonly Line[]): number => 2 * padding + lineHeight * lines.length

/** Cards that stand side by side: two fit a phone, six a desktop; a wider layer goes on in further rows. */
const columnsFor = (widest: number): number => Math.min(6, Math.max(2, widest))

/** A picture shrinks to its place until its text is 10 px high, and is scrolled from there. */
const smallestShare = 10 / 12

const styles = `
.bg{fill:#fff}
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:#3d4654}
.h{font-weight:600;font-size:13px;fill:#10151d}
.a{font-weight:600;font-size:11px;fill:#a3141f}
.m{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:11px}
.c{stroke-width:1.2}
.data .c{fill:#eef5ff;stroke:#2f6fc4}
.model .c{fill:#f3edff;stroke:#7246c2}
.release .c{fill:#e9f8ef;stroke:#1f7f4b}
.decision .c{fill:#fff6e0;stroke:#96690a}
.step .c{fill:#f5f6f8;stroke:#8791a0}
.bad .c{stroke:#a3141f;stroke-width:1.6;stroke-dasharray:5 3}
.open .c{stroke-dasharray:2 3}
.e{fill:none;stroke:#79828f;stroke-width:1.4}
.e.u{stroke:#a3141f;stroke-dasharray:5 3}
`.replaceAll('\n', '')

const classOf = (node: LineageNode): string =>
  [
    node.type === 'step' ? 'step' : node.kind,
    ...(node.verified ? [] : ['bad']),
    ...(node.type === 'artefact' && node.verified && !node.recorded ? ['open'] : []),
  ].join(' ')

const drawCard = (node: LineageNode, { title }: Card, lines: readonly Line[], { x, y, width, height }: Box): string => {
  const centre = rounded(x + width / 2)
  const radius = node.type === 'step' ? Math.min(18, height / 2) : 5
  const texts = lines.map(
    ({ text, style }, i) =>
      `<text${style && ` class="${style}"`} x="${centre}" y="${y + padding + lineHeight * (i + 1) - 4}" text-anchor="middle">${xmlText(text)}</text>`,
  )
  return (
    `<g class="${classOf(node)}"><title>${xmlText(title)}</title>` +
    `<rect class="c" x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>${texts.join('')}</g>`
  )
}

/** Cuts a layer into rows that are no wider than the columns; waypoints take a little room only. */
const rowsOf = (layer: readonly string[], columns: number, isCard: (id: string) => boolean): readonly string[][] => {
  const rows: string[][] = [[]]
  let cards = 0
  for (const id of layer) {
    if (isCard(id) && cards === columns) {
      rows.push([])
      cards = 0
    }
    rows[rows.length - 1].push(id)
    if (isCard(id)) cards++
  }
  return rows
}

const rounded = (value: number): number => Math.round(value * 10) / 10

interface Placed {
  readonly boxes: ReadonlyMap<string, Box>
  readonly width: number
  readonly height: number
}

const place = (
  rows: readonly (readonly string[])[],
  heights: ReadonlyMap<string, number>,
  routes: readonly Route[],
): Placed => {
  const widthOf = (id: string): number => (heights.has(id) ? cardWidth : waypointWidth)
  const rowWidth = (row: readonly string[]): number =>
    row.reduce((sum, id) => sum + widthOf(id), 0) + gap * Math.max(0, row.length - 1)
  const width = Math.max(cardWidth, ...rows.map(rowWidth)) + 2 * margin
  const centre = centres(
    rows.map((row) => row.map((id) => ({ id, width: widthOf(id) }))),
    routes,
    { width, margin, gap },
  )
  const boxes = new Map<string, Box>()
  let y = margin
  for (const row of rows) {
    const height = Math.max(lineHeight, ...row.map((id) => heights.get(id) ?? 0))
    for (const id of row) {
      const own = heights.get(id) ?? height
      const x = (centre.get(id) ?? 0) - widthOf(id) / 2
      boxes.set(id, { x: rounded(x), y: rounded(y + (height - own) / 2), width: widthOf(id), height: own })
    }
    y += height + layerGap
  }
  return { boxes, width, height: y - layerGap + margin }
}

/** A curve from box to box; through a waypoint it goes straight down. */
const curve = (stops: readonly Box[]): string => {
  const middle = ({ x, width }: Box): number => rounded(x + width / 2)
  const [first] = stops
  let path = `M${middle(first)} ${rounded(first.y + first.height)}`
  for (const [i, stop] of stops.slice(1).entries()) {
    const [from, x, top] = [stops[i], middle(stop), stop.y - (i === stops.length - 2 ? 6 : 0)]
    const bottom = from.y + from.height
    const bend = rounded((top - bottom) / 2)
    path += `C${middle(from)} ${rounded(bottom + bend)} ${x} ${rounded(top - bend)} ${x} ${rounded(top)}`
    if (i < stops.length - 2) path += `V${rounded(stop.y + stop.height)}`
  }
  return path
}

/**
 * A picture of a lineage: self-contained SVG without scripts, sources on top. Dashed and red is what no verified record
 * says; dotted an artefact whose origin is not recorded. The same lineage gives the same bytes.
 */
export const lineageSvg = (lineage: Lineage): string => {
  const { layers, routes } = layered(lineage)
  const cards = new Map(lineage.nodes.map((node) => [node.id, cardOf(node)]))
  const isCard = (id: string): boolean => cards.has(id)
  const columns = columnsFor(Math.max(0, ...layers.map((layer) => layer.filter(isCard).length)))
  const lines = new Map(lineage.nodes.map((node) => [node.id, linesOf(node, cardOf(node))]))
  const { boxes, width, height } = place(
    layers.flatMap((layer) => rowsOf(layer, columns, isCard)),
    new Map([...lines].map(([id, each]) => [id, heightOf(each)])),
    routes,
  )
  const edges = routes.map(({ from, to, verified, via }) => {
    const stops = [from, ...via, to].map((id) => boxes.get(id)).filter((box) => box !== undefined)
    return `<path class="e${verified ? '' : ' u'}" d="${curve(stops)}" marker-end="url(#${verified ? 'tip' : 'bad-tip'})"/>`
  })
  const drawn = lineage.nodes.map((node) => {
    const [card, box] = [cards.get(node.id), boxes.get(node.id)]
    return card && box ? drawCard(node, card, lines.get(node.id) ?? [], box) : ''
  })
  const { query, records } = lineage
  const name =
    query === undefined
      ? 'Lineage'
      : `${query.direction === 'forward' ? 'What was made of' : 'Origin of'} ${query.name}`
  const summary =
    `${lineage.nodes.filter(({ type }) => type === 'artefact').length} artefacts, ` +
    `${lineage.nodes.filter(({ type }) => type === 'step').length} steps; of the project's records ` +
    `${records.verified} verified, ${records.unverified} not. From top to bottom: ` +
    lineage.nodes.map((node) => cards.get(node.id)?.heading ?? '').join(', ')
  const tip = (id: string, colour: string): string =>
    `<marker id="${id}" viewBox="0 0 8 8" refX="2" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colour}"/></marker>`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="lineage-title lineage-desc" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" style="display:block;margin:0 auto;max-width:100%;min-width:${Math.round(width * smallestShare)}px;height:auto">` +
    `<title id="lineage-title">${xmlText(name)}</title><desc id="lineage-desc">${xmlText(summary)}</desc>` +
    `<style>${styles}</style><defs>${tip('tip', '#79828f')}${tip('bad-tip', '#a3141f')}</defs>` +
    `<rect class="bg" width="${width}" height="${height}"/>\n${[...edges, ...drawn].join('\n')}\n</svg>\n`
  )
}
