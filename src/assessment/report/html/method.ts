import type { Access, OutputKind, Report, TensorInfo } from '../../../contract/index.ts'
import { budget, count, figure, normNames, number, percent } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { reportDigest } from '../render-json.ts'
import { htmlTable } from './html-table.ts'
import { facts, section } from './parts.ts'

const accessWords: Readonly<Record<Access, string>> = {
  'white-box': 'white box: weights and gradients',
  scores: 'scores of every class',
  labels: 'predicted label only',
}
const outputWords: Readonly<Record<OutputKind, string>> = {
  logits: 'logits',
  probabilities: 'probabilities',
  'binary-logit': 'one logit for two classes',
  'binary-probability': 'one probability for two classes',
}

const tensors = (list: readonly TensorInfo[]): string =>
  list.map(({ name, type, shape }) => `${name}: ${type}[${shape.map((side) => side ?? '?').join(', ')}]`).join('; ')

const modelFacts = ({ model, clean }: Report): Markup =>
  facts([
    ['File', model.path],
    ['SHA-256', markup`<span class="mono">${model.sha256}</span>`],
    ['Inputs', tensors(model.inputs)],
    ['Outputs', `${tensors(model.outputs)} (${outputWords[model.outputKind]})`],
    [
      'Operators',
      Object.entries(model.opset)
        .map(([domain, version]) => `${domain} ${version}`)
        .join(', '),
    ],
    ['Producer', model.producer],
    [
      'Gradients',
      model.differentiable
        ? 'yes: white-box attacks are possible'
        : `no${model.notDifferentiable === undefined ? '' : `: no rule for ${model.notDifferentiable.join(', ')}`}; score- and decision-based attacks only`,
    ],
    [
      'Metadata',
      Object.entries(model.metadata ?? {})
        .map(([key, value]) => `${key}: ${value}`)
        .join('; '),
    ],
    ['Clean accuracy', figure(clean.accuracy)],
    ['Declared', clean.declared === undefined ? 'no' : percent(clean.declared)],
  ])

const dataFacts = ({ data, input, threat, seed }: Report): Markup =>
  facts([
    ['File', data.path],
    ['SHA-256', markup`<span class="mono">${data.sha256}</span>`],
    ['Labels', data.labels?.path],
    ['Rows', `${count(data.from)} to ${count(data.to - 1)} (${count(data.rows)})`],
    ['Row shape', input.shape.join(' × ')],
    ['Input range', `${input.range.map(number).join(' to ')}, ${input.units}`],
    ['Attacker sees', accessWords[threat.access]],
    ...threat.norms.map(({ norm, epsilon }): readonly [string, string] => [
      `${normNames[norm]} budgets`,
      epsilon.map((value) => budget(value, norm, input)).join(', '),
    ]),
    ['Seed', String(seed)],
  ])

export const methodSection = (report: Report): Markup =>
  section(
    'method',
    'How this was measured',
    'A row counts as broken only after the example was clipped to the declared range, predicted again and checked against the budget. Accuracies are over all rows that were attacked, those wrong from the start included. Random numbers depend on the seed, the attack and the row alone, so the same seed gives the same result.',
    markup`<div class="columns"><div class="card"><h3>Model</h3>${modelFacts(report)}</div><div class="card"><h3>Data and threat</h3>${dataFacts(report)}</div></div>`,
  )

export const evidenceSection = (report: Report): Markup =>
  evidencePart(report.evidence, reportDigest(report), 'report.json without its timing')

/** Digests of what a report rests on, and its own; `what` says of which bytes that is. */
export const evidencePart = ({ digests, statement, keyId }: Report['evidence'], own: string, what: string): Markup =>
  section(
    'evidence',
    'Evidence',
    'Digests of what this report rests on. Whoever has the same files can check them, and bartizan verify checks the signed statement, offline.',
    [
      digests.length > 0 &&
        htmlTable(
          'Digests',
          [{ title: 'What' }, { title: 'File', breakable: true }, { title: 'SHA-256', breakable: true, whole: true }],
          digests.map(({ name, path, sha256 }) => [name, path, markup`<span class="mono">${sha256}</span>`]),
        ),
      facts([
        ['Signed statement', statement],
        ['Key', keyId],
        ['This report', markup`<span class="mono">${own}</span> <span class="small muted">(${what})</span>`],
      ]),
    ],
  )
