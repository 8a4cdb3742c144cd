import type { CorruptionStrip, Corruptions, Figure, Report } from '../../../contract/index.ts'
import { className } from '../class-name.ts'
import { cell, corruptionLead, corruptionProbes, corruptionResult, corruptionsNotRun } from '../corruption-lines.ts'
import { interval } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import type { Images } from './examples.ts'
import { anchor, command, section } from './parts.ts'

/** The class that shades a figure by what a corruption costs: the share of the clean accuracy that is lost. */
const shade = (value: number, clean: number): string => {
  const lost = clean > 0 ? Math.min(Math.max(1 - value / clean, 0), 1) : 0
  return `lost h${Math.round(10 * lost)}`
}

const wholeCell = (measured: Figure, clean: number): Markup =>
  markup`<td class="sum ${shade(measured.value, clean)}">${cell(measured)}<span class="reach">${interval(measured)}</span></td>`

const table = (corruptions: Corruptions, clean: number): Markup => {
  const { severities, table: lines, bySeverity, mean, worst } = corruptions
  const line = ({ attack, accuracies, mean: own }: Corruptions['table'][number]): Markup =>
    markup`<tr><th scope="row">${attack}${attack === worst ? markup` <span class="chip fail">worst</span>` : ''}</th>${severities.map(
      (severity) => {
        const entry = accuracies.find((one) => one.severity === severity)
        return entry
          ? markup`<td id="${anchor(entry.probe)}" class="${shade(entry.accuracy.value, clean)}">${cell(entry.accuracy)}</td>`
          : markup`<td></td>`
      },
    )}${wholeCell(own, clean)}</tr>\n`
  return markup`<div class="wide" role="group" tabindex="0" aria-label="Accuracy by corruption and severity"><table class="severities"><caption>${corruptionLead(corruptions)}</caption>
<thead><tr><th scope="col">Corruption</th>${severities.map((severity) => markup`<th scope="col"><span class="sr">severity </span>${severity}</th>`)}<th scope="col">Mean<span class="reach">95 % interval</span></th></tr></thead>
<tbody>${lines.map(line)}</tbody>
<tfoot><tr><th scope="row">Mean</th>${bySeverity.map(({ accuracy }) => markup`<td class="${shade(accuracy.value, clean)}">${cell(accuracy)}</td>`)}${wholeCell(mean, clean)}</tr></tfoot></table></div>`
}

const frame = (uri: string | undefined, alt: string, title: string, result: Markup): Markup | '' =>
  uri === undefined
    ? ''
    : markup`<li><figure><img src="${uri}" alt="${alt}"><figcaption>${title}<br>${result}</figcaption></figure></li>`

const strip = (
  { row, label, severity, clean, corrupted }: CorruptionStrip,
  report: Report,
  images: Images,
): Markup | '' => {
  if (!images.has(clean)) return ''
  const truth = className(label, report)
  return markup`<h3>Row ${row} at severity ${severity}</h3><ul class="strip">${frame(
    images.get(clean),
    `Row ${row}, clean, labelled ${truth}`,
    'clean',
    markup`<span class="muted">labelled ${truth}</span>`,
  )}${corrupted.map(({ attack, predicted, picture }) =>
    frame(
      images.get(picture),
      `Row ${row} under ${attack}, predicted ${className(predicted, report)}`,
      attack,
      predicted === label
        ? markup`<span class="muted">right</span>`
        : markup`<span class="wrong">taken for ${className(predicted, report)}</span>`,
    ),
  )}</ul>`
}

const commands = ({ corruptions, probes }: Report): Markup | '' => {
  const lines = (corruptions?.table ?? []).flatMap(({ accuracies }) => {
    const last = probes.find(({ id }) => id === accuracies.at(-1)!.probe)
    return last?.reproduce === undefined ? [] : [command(last.reproduce)]
  })
  return lines.length === 0
    ? ''
    : markup`<details><summary>See one again (${lines.length} commands; give another severity to --eps)</summary>${lines}</details>`
}

/** Accuracy under common corruptions: the table, one row in pictures, and what was not run. Empty where none was planned. */
export const corruptionsSection = (report: Report, images: Images): Markup | '' => {
  const { corruptions } = report
  if (corruptionProbes(report).length === 0) return ''
  const notRun = corruptionsNotRun(report)
  const left =
    notRun.length === 0
      ? ''
      : markup`<p class="small muted">Not run: ${notRun.map((line, i) => `${i === 0 ? '' : '; '}${line}`)}.</p>`
  if (!corruptions) return section('corruptions', 'Common corruptions', 'No corruption was measured.', left)
  return section(
    'corruptions',
    'Common corruptions',
    `What noise, blur, weather and digital processing do to the model, without an attacker. ${corruptionResult(corruptions)}`,
    markup`${table(corruptions, report.clean.accuracy.value)}${left}${corruptions.strip ? strip(corruptions.strip, report, images) : ''}${commands(report)}`,
  )
}
