import type { EvasionProbe, Fitted, Report } from '../../../contract/index.ts'
import { attackProbes } from '../corruption-lines.ts'
import { attackTitle, fittedRows, fittedSize } from '../evasion-lines.ts'
import { figure, number } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { wordsFor } from '../task-words.ts'
import type { Images } from './examples.ts'
import { facts, prose, section } from './parts.ts'

const nouns = { perturbation: 'Perturbation', patch: 'Patch' } as const

const pictureOf = ({ kind, picture }: Fitted, images: Images): Markup | '' => {
  const uri = picture && images.get(picture.name)
  if (!picture || uri === undefined) return ''
  const caption = kind === 'patch' ? 'the patch' : `enlarged ×${number(picture.gain)}`
  return markup`<figure><img src="${uri}" alt="${nouns[kind]}, ${caption}"><figcaption>${caption}</figcaption></figure>`
}

const card = (probe: EvasionProbe, fitted: Fitted, report: Pick<Report, 'input' | 'task'>, images: Images): Markup =>
  markup`<article class="card made"><h3>${attackTitle(probe, report.input)}</h3><div class="made-parts">${pictureOf(fitted, images)}${facts(
    [
      ['Size', fittedSize(fitted)],
      [
        'Values',
        fitted.lowest === null || fitted.highest === null
          ? 'none'
          : `${number(fitted.lowest)} to ${number(fitted.highest)}, [${fitted.shape.join(', ')}]`,
      ],
      ['Made from', fittedRows(fitted)],
      [wordsFor(report).robust, probe.result && figure(probe.result.robustAccuracy)],
      ['SHA-256', markup`<span class="mono">${fitted.sha256}</span>`],
    ],
  )}</div></article>`

/** What attacks made once for all rows, as pictures with their sizes; nothing where none did. */
export const fittedSection = (report: Pick<Report, 'probes' | 'input' | 'task'>, images: Images): Markup | '' => {
  const cards = attackProbes(report).flatMap((probe) =>
    probe.result?.fitted ? [card(probe, probe.result.fitted, report, images)] : [],
  )
  if (cards.length === 0) return ''
  return section(
    'for-all',
    'One change for all rows',
    markup`${prose('What these attacks made once and put on every row: whoever has it needs nothing else. `bartizan attack run` keeps it with `--save-fitted`, and puts it on another model with `--fitted`. Of a grey perturbation, orange raises and blue lowers; of one in colour, mid-grey leaves alone.')}`,
    markup`<div class="columns">${cards}</div>`,
  )
}
