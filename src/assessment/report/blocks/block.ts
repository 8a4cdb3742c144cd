import type { LineChart } from '../html/line-chart.ts'

export interface BlockColumn {
  readonly title: string
  readonly align?: 'right'
}

/** A part of a report that every form can show: HTML, Markdown and the terminal; pictures are for HTML alone. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'table'
      readonly title: string
      readonly columns: readonly BlockColumn[]
      readonly rows: readonly (readonly string[])[]
    }
  | {
      readonly kind: 'pictures'
      readonly items: readonly { readonly name: string; readonly alt: string; readonly caption: string }[]
    }
  | ({ readonly kind: 'chart' } & LineChart)

export interface BlockSection {
  /** Unique in the report, of letters, digits and hyphens. */
  readonly id: string
  readonly title: string
  readonly lead: string
  readonly blocks: readonly Block[]
}
