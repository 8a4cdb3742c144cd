import type { ClassProbe, Report } from '../../../contract/index.ts'
import type { Block } from '../blocks/block.ts'

export type ProbeOf<C extends ClassProbe['class']> = Extract<ClassProbe, { readonly class: C }>

/** How the probes of a class other than evasion are told. */
export interface ClassReport<P extends ClassProbe> {
  readonly title: string
  /** What such a probe looks for and how, in whole sentences. */
  readonly lead: string
  /** The result in a line. */
  headline(probe: P, report: Pick<Report, 'data'>): string
  /** Everything about one probe. */
  blocks(probe: P, report: Report): readonly Block[]
}
