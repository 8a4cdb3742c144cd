import { type Content, type Markup, markup } from '../markup.ts'

export interface HtmlColumn {
  readonly title: string
  readonly align?: 'right'
  /** Long words, such as digests, may be broken. */
  readonly breakable?: boolean
  /** Cells stay on one line where there is room for a table. */
  readonly whole?: boolean
}

/**
 * A table whose first column names its rows. On a narrow screen each row becomes a block with the column titles beside
 * the cells; the roles are spelt out because such a layout takes them from the elements.
 */
export const htmlTable = (
  caption: string,
  columns: readonly HtmlColumn[],
  rows: readonly (readonly Content[])[],
): Markup => {
  const cell = (content: Content, column: HtmlColumn, first: boolean): Markup => {
    const kind = `${column.align ?? ''}${column.breakable ? ' any' : ''}${column.whole ? ' whole' : ''}`.trim()
    if (first) return markup`<th scope="row" role="rowheader" class="${kind}">${content}</th>`
    return content === '' || content === undefined
      ? markup`<td role="cell" class="${kind}"></td>`
      : markup`<td role="cell" class="${kind}" data-label="${column.title}"><span>${content}</span></td>`
  }
  return markup`<div class="wide" role="group" tabindex="0" aria-label="${caption}"><table class="stack" role="table" aria-label="${caption}">
<thead role="rowgroup"><tr role="row">${columns.map(
    ({ title, align }) => markup`<th scope="col" role="columnheader" class="${align ?? ''}">${title}</th>`,
  )}</tr></thead>
<tbody role="rowgroup">${rows.map(
    (row) => markup`<tr role="row">${columns.map((column, i) => cell(row[i], column, i === 0))}</tr>\n`,
  )}</tbody></table></div>`
}
