import type { Example, Probe, Report } from '../../../contract/index.ts'
import { normNames, number, percent } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { budgetOf, section } from './parts.ts'

/** Data URIs of the pictures by name. */
export type Images = ReadonlyMap<string, string>

const shownPerProbe = 9

const className = (label: number, { data }: Report): string => data.classNames?.[label] ?? String(label)

const picture = (uri: string, alt: string, caption: string): Markup =>
  markup`<figure><img src="${uri}" alt="${alt}"><figcaption>${caption}</figcaption></figure>`

const pictures = ({ row, label, predicted, pictures: names }: Example, report: Report, images: Images): Markup | '' => {
  if (names === undefined) return ''
  const [clean, perturbed, difference] = [names.clean, names.perturbed, names.difference].map((name) =>
    images.get(name),
  )
  if (clean === undefined || perturbed === undefined || difference === undefined) return ''
  const [before, after] = [className(label, report), className(predicted, report)]
  return markup`<div class="pictures">${picture(clean, `Row ${row}, clean, labelled ${before}`, 'clean')}${picture(perturbed, `Row ${row}, perturbed, predicted ${after}`, 'perturbed')}${picture(difference, `Row ${row}, what changed, enlarged ${number(names.gain)} times`, `change ×${number(names.gain)}`)}</div>`
}

const changes = ({ changes: list }: Example): Markup | '' =>
  list === undefined || list.length === 0
    ? ''
    : markup`<p class="small muted">${list.map(({ column, before, after }, i) => `${i === 0 ? '' : ', '}${column} ${number(before)} → ${number(after)}`)}</p>`

const exampleCard = (example: Example, probe: Probe, report: Report, images: Images): Markup => {
  const norm = probe.norm === undefined ? '' : `${normNames[probe.norm]} `
  return markup`<li class="example">${pictures(example, report, images)}<p>Row ${example.row}: <strong>${className(example.label, report)}</strong> taken for <strong>${className(example.predicted, report)}</strong> (${percent(example.confidence)} sure)</p>${changes(example)}<p class="small muted">${norm}distance ${number(example.distance)}</p></li>`
}

export const examplesSection = (report: Report, images: Images): Markup | '' => {
  const shown = report.probes.filter(({ worst }) => worst.length > 0)
  if (shown.length === 0) return ''
  return section(
    'examples',
    'Worst examples',
    'The rows on which the model was wrong with most confidence. In the difference of a grey image, orange was raised and blue lowered; of a colour image, mid-grey was left alone.',
    shown.map(
      (probe) =>
        markup`<h3>${probe.attack}, ${budgetOf(probe, report.input)}</h3><ul class="examples">${probe.worst
          .slice(0, shownPerProbe)
          .map((example) => exampleCard(example, probe, report, images))}</ul>`,
    ),
  )
}
