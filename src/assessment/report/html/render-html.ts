import type { Report } from '../../../contract/index.ts'
import type { BlockSection } from '../blocks/block.ts'
import { htmlSection } from '../blocks/html-blocks.ts'
import { classSections } from '../classes/index.ts'
import { type Markup, markup } from '../markup.ts'
import type { Picture } from '../picture.ts'
import { evasionProbes } from '../probes-of.ts'
import { verdictOf } from '../verdict.ts'
import { corruptionsSection } from './corruptions.ts'
import { examplesSection, type Images } from './examples.ts'
import { findingsSection, gatesSection } from './findings.ts'
import { fittedSection } from './fitted.ts'
import { evidenceSection, methodSection } from './method.ts'
import { htmlPage } from './page.ts'
import { pngUri } from './png.ts'
import { probesSection } from './probes.ts'
import { robustnessSection } from './robustness.ts'
import { pageHeader, summary } from './summary.ts'
import { transferSection } from './transfer.ts'

interface Parts {
  readonly classes: readonly BlockSection[]
  readonly robustness: boolean
  readonly transfer: boolean
  readonly corruptions: boolean
  readonly forAll: boolean
  readonly examples: boolean
}

const contents = (has: Parts): Markup => {
  const entries = [
    ['findings', 'Findings'],
    ['gates', 'Gates'],
    ...has.classes.map(({ id, title }) => [id, title]),
    ...(has.robustness ? [['robustness', 'Robustness']] : []),
    ...(has.transfer ? [['transfer', 'Transfer']] : []),
    ...(has.corruptions ? [['corruptions', 'Corruptions']] : []),
    ...(has.forAll ? [['for-all', 'One change for all rows']] : []),
    ...(has.examples ? [['examples', 'Worst examples']] : []),
    ['probes', 'Probes'],
    ['method', 'How this was measured'],
    ['evidence', 'Evidence'],
  ] as const
  return markup`<nav aria-label="Contents"><ul>${entries.map(([id, title]) => markup`<li><a href="#${id!}">${title!}</a></li>`)}</ul></nav>`
}

export const encoded = async (pictures: ReadonlyMap<string, Picture>): Promise<Images> => {
  const images = new Map<string, string>()
  for (const [name, picture] of pictures) images.set(name, await pngUri(picture))
  return images
}

/**
 * The report as one HTML file that needs nothing else: no script, no request; the content policy forbids both.
 * `pictures` holds those that the examples name; an example whose pictures are missing is shown in words.
 */
export const renderHtml = async (
  report: Report,
  pictures: ReadonlyMap<string, Picture> = new Map(),
): Promise<string> => {
  const images = await encoded(pictures)
  const examples = examplesSection(report, images)
  const forAll = fittedSection(report, images)
  const corruptions = corruptionsSection(report, images)
  const transfer = transferSection(report)
  const classes = classSections(report)
  const evasion = classes.length === 0 || evasionProbes(report).length > 0
  const { verdict } = verdictOf(report)
  return htmlPage({
    title: `${report.model.path}: ${verdict} (Bartizan assessment)`,
    header: pageHeader(report),
    main: markup`${summary(report)}
${contents({
  classes,
  robustness: evasion,
  transfer: transfer !== '',
  corruptions: corruptions !== '',
  forAll: forAll !== '',
  examples: examples !== '',
})}
${findingsSection(report)}
${gatesSection(report)}
${classes.map((section) => htmlSection(section, images))}
${evasion ? robustnessSection(report) : ''}
${transfer}
${corruptions}
${forAll}
${examples}
${probesSection(report)}
${methodSection(report)}
${evidenceSection(report)}`,
    tool: report.tool,
    durations: 'report.json',
  })
}
