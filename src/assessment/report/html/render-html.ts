import type { Report } from '../../../contract/index.ts'
import { type Markup, markup } from '../markup.ts'
import type { Picture } from '../picture.ts'
import { verdictOf } from '../verdict.ts'
import { corruptionsSection } from './corruptions.ts'
import { examplesSection, type Images } from './examples.ts'
import { findingsSection, gatesSection } from './findings.ts'
import { evidenceSection, methodSection } from './method.ts'
import { htmlPage } from './page.ts'
import { pngUri } from './png.ts'
import { probesSection } from './probes.ts'
import { robustnessSection } from './robustness.ts'
import { pageHeader, summary } from './summary.ts'
import { transferSection } from './transfer.ts'

const contents = (hasTransfer: boolean, hasCorruptions: boolean, hasExamples: boolean): Markup => {
  const entries = [
    ['findings', 'Findings'],
    ['gates', 'Gates'],
    ['robustness', 'Robustness'],
    ...(hasTransfer ? [['transfer', 'Transfer']] : []),
    ...(hasCorruptions ? [['corruptions', 'Corruptions']] : []),
    ...(hasExamples ? [['examples', 'Worst examples']] : []),
    ['probes', 'Probes'],
    ['method', 'How this was measured'],
    ['evidence', 'Evidence'],
  ] as const
  return markup`<nav aria-label="Contents"><ul>${entries.map(([id, title]) => markup`<li><a href="#${id!}">${title!}</a></li>`)}</ul></nav>`
}

const encoded = async (pictures: ReadonlyMap<string, Picture>): Promise<Images> => {
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
  const corruptions = corruptionsSection(report, images)
  const transfer = transferSection(report)
  const { verdict } = verdictOf(report)
  return htmlPage({
    title: `${report.model.path}: ${verdict} (Bartizan assessment)`,
    header: pageHeader(report),
    main: markup`${summary(report)}
${contents(transfer !== '', corruptions !== '', examples !== '')}
${findingsSection(report)}
${gatesSection(report)}
${robustnessSection(report)}
${transfer}
${corruptions}
${examples}
${probesSection(report)}
${methodSection(report)}
${evidenceSection(report)}`,
    tool: report.tool,
    durations: 'report.json',
  })
}
