import type { EvasionProbe, Example, Report } from '../../../contract/index.ts'
import { className } from '../class-name.ts'
import { attackProbes } from '../corruption-lines.ts'
import { attackTitle, distanceText } from '../evasion-lines.ts'
import { number, percent } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { section } from './parts.ts'

/** Data URIs of the pictures by name. */
export type Images = ReadonlyMap<string, string>

/** What examples are told from: a whole report, or one attack's run. */
export type WithExamples = Pick<Report, 'probes' | 'input' | 'task'> & {
  readonly data: Pick<Report['data'], 'classNames'>
}

const shownPerProbe = 9

const picture = (uri: string, alt: string, caption: string): Markup =>
  markup`<figure><img src="${uri}" alt="${alt}"><figcaption>${caption}</figcaption></figure>`

const pictures = (
  { row, label, predicted, pictures: names }: Example,
  report: WithExamples,
  images: Images,
): Markup | '' => {
  if (names === undefined) return ''
  const [clean, perturbed, difference] = [names.clean, names.perturbed, names.difference].map((name) =>
    images.get(name),
  )
  if (clean === undefined || perturbed === undefined || difference === undefined) return ''
  const [before, after] =
    label === undefined
      ? ['as stored', 'otherwise']
      : [`labelled ${className(label, report)}`, `predicted ${className(predicted, report)}`]
  return markup`<div class="pictures">${picture(clean, `Row ${row}, clean, ${before}`, 'clean')}${picture(perturbed, `Row ${row}, perturbed, ${after}`, 'perturbed')}${picture(difference, `Row ${row}, what changed, enlarged ${number(names.gain)} times`, `change ×${number(names.gain)}`)}</div>`
}

const changes = ({ changes: list }: Example): Markup | '' =>
  list === undefined || list.length === 0
    ? ''
    : markup`<p class="small muted">${list.map(({ column, before, after }, i) => `${i === 0 ? '' : ', '}${column} ${number(before)} → ${number(after)}`)}</p>`

const turned = ({ label, predicted, confidence, outputs }: Example, report: WithExamples): Markup => {
  if (!outputs)
    return markup`<strong>${className(label, report)}</strong> taken for <strong>${className(predicted, report)}</strong> (${percent(confidence ?? 0)} sure)`
  const what = report.task?.kind === 'multi-label' ? 'label' : 'output'
  return markup`${outputs.map(({ name, truth, before, after }, i) => markup`${i === 0 ? '' : '; '}${what} ${name} <strong>${number(before)} → ${number(after)}</strong> (true ${number(truth)})`)}`
}

const exampleCard = (example: Example, probe: EvasionProbe, report: WithExamples, images: Images): Markup => {
  return markup`<li class="example">${pictures(example, report, images)}<p>Row ${example.row}: ${turned(example, report)}</p>${changes(example)}<p class="small muted">${distanceText(probe.norm, example.distance)}</p></li>`
}

export const examplesSection = (report: WithExamples, images: Images): Markup | '' => {
  const shown = attackProbes(report).filter(({ worst }) => worst.length > 0)
  if (shown.length === 0) return ''
  return section(
    'examples',
    'Worst examples',
    `${report.task ? 'The rows that were moved furthest.' : 'The rows on which the model was wrong with most confidence.'} In the difference of a grey image, orange was raised and blue lowered; of a colour image, mid-grey was left alone.`,
    shown.map(
      (probe) =>
        markup`<h3>${attackTitle(probe, report.input)}</h3><ul class="examples">${probe.worst
          .slice(0, shownPerProbe)
          .map((example) => exampleCard(example, probe, report, images))}</ul>`,
    ),
  )
}
