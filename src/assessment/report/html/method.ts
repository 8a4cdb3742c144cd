import type { Access, EndpointProtocol, OutputKind, Probe, Report, TensorInfo } from '../../../contract/index.ts'
import { constraintLines } from '../constraint-lines.ts'
import { corruptionProbes, signedName } from '../corruption-lines.ts'
import { endpointLines } from '../endpoint-lines.ts'
import { budget, count, figure, normNames, number, percent } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { evasionProbes } from '../probes-of.ts'
import { reportDigest } from '../render-json.ts'
import { cleanDetails, wordsFor } from '../task-words.ts'
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
  'predicted-class': 'the predicted class alone',
  numbers: 'numbers',
  'label-logits': 'one logit for each label',
  'label-probabilities': 'one probability for each label',
}

const tensors = (list: readonly TensorInfo[]): string =>
  list.map(({ name, type, shape }) => `${name}: ${type}[${shape.map((side) => side ?? '?').join(', ')}]`).join('; ')

const protocolWords: Readonly<Record<EndpointProtocol, string>> = {
  v2: 'Open Inference Protocol v2',
  tensorflow: 'TensorFlow Serving REST',
  mlflow: 'MLflow /invocations',
  json: 'JSON by a template',
}

const endpointFacts = (endpoint: Report['model']['endpoint']): readonly (readonly [string, string | undefined])[] =>
  endpoint === undefined
    ? []
    : [
        ['Protocol', protocolWords[endpoint.protocol]],
        ['Model', [endpoint.name, endpoint.version].filter(Boolean).join(', version ') || undefined],
        ['Gives', endpoint.gives === 'labels' ? 'the predicted label; what stands for its confidence is 1' : 'scores'],
        ['Connection', endpoint.note],
      ]

const modelFacts = (report: Report): Markup => {
  const { model, clean } = report
  return facts([
    [model.endpoint ? 'Endpoint' : 'File', model.path],
    ...endpointFacts(model.endpoint),
    [model.endpoint ? 'SHA-256 of its description' : 'SHA-256', markup`<span class="mono">${model.sha256}</span>`],
    ['Inputs', tensors(model.inputs)],
    ['Outputs', `${tensors(model.outputs)} (${outputWords[model.outputKind]})`],
    [
      'Operators',
      Object.entries(model.opset ?? {})
        .map(([domain, version]) => `${domain} ${version}`)
        .join(', '),
    ],
    ['Producer', model.producer],
    [
      'Gradients',
      model.endpoint
        ? 'none: the model is behind an API; attacks on scores and labels only'
        : model.differentiable
          ? 'yes: white-box attacks are possible'
          : `no${model.notDifferentiable === undefined ? '' : `: no rule for ${model.notDifferentiable.join(', ')}`}; score- and decision-based attacks only`,
    ],
    ...endpointLines(report.timing.endpoint),
    [
      'Metadata',
      Object.entries(model.metadata ?? {})
        .map(([key, value]) => `${key}: ${value}`)
        .join('; '),
    ],
    [wordsFor(report).clean, figure(clean.accuracy)],
    ...cleanDetails(report).map(([name, value]): readonly [string, string] => [capital(name), value]),
    ['Declared', clean.declared === undefined ? 'no' : percent(clean.declared)],
  ])
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

const dataFacts = ({ data, input, threat, seed }: Report): Markup =>
  facts([
    ['File', data.path],
    ['SHA-256', markup`<span class="mono">${data.sha256}</span>`],
    ['Labels', data.labels?.path],
    ['Rows', `${count(data.from)} to ${count(data.to - 1)} (${count(data.rows)})`],
    ['Row shape', input.shape.join(' × ')],
    ['Input range', `${input.range.map(number).join(' to ')}${input.budgetRange ? '' : `, ${input.units}`}`],
    [
      'Values are stored as',
      input.levels &&
        `${count(input.levels)} numbers over the range; changed rows were rounded to them before they counted`,
    ],
    [
      'Constraints',
      input.constraints && `${constraintLines(input).join('. ')}. Every changed row was checked against them.`,
    ],
    ['Attacker sees', accessWords[threat.access]],
    ...threat.norms.map(({ norm, epsilon }): readonly [string, string] => [
      `${normNames[norm]} budgets`,
      epsilon.map((value) => budget(value, norm, input)).join(', '),
    ]),
    ['Seed', String(seed)],
  ])

const attacked =
  'A row counts as broken only after the example was clipped to the declared range, predicted again and checked against the budget. Accuracies are over all rows that were attacked, those wrong from the start included. '

export const methodSection = (report: Report): Markup =>
  section(
    'method',
    'How this was measured',
    `${evasionProbes(report).length === 0 ? '' : attacked}Random numbers depend on the seed and what they are for alone, so the same seed gives the same result.`,
    markup`<div class="columns"><div class="card"><h3>Model</h3>${modelFacts(report)}</div><div class="card"><h3>Data and threat</h3>${dataFacts(report)}</div></div>`,
  )

export const evidenceSection = (report: Report): Markup =>
  evidencePart(report.evidence, reportDigest(report), 'report.json without its timing', corruptionProbes(report))

const digestTable = (caption: string, digests: Report['evidence']['digests']): Markup =>
  htmlTable(
    caption,
    [{ title: 'What' }, { title: 'File', breakable: true }, { title: 'SHA-256', breakable: true, whole: true }],
    digests.map(({ name, path, sha256 }) => [name, path, markup`<span class="mono">${sha256}</span>`]),
  )

/**
 * Digests of what a report rests on, and its own; `what` says of which bytes that is. Those of `folded` probes, which are
 * many, are shown on demand.
 */
export const evidencePart = (
  { digests, statement, keyId }: Report['evidence'],
  own: string,
  what: string,
  folded: readonly Pick<Probe, 'id'>[] = [],
): Markup => {
  const hidden = new Set(folded.map(({ id }) => signedName(id)))
  const [shown, others] = [false, true].map((wanted) => digests.filter(({ name }) => hidden.has(name) === wanted))
  return section(
    'evidence',
    'Evidence',
    'Digests of what this report rests on. Whoever has the same files can check them, and bartizan verify checks the signed statement, offline.',
    [
      shown!.length > 0 && digestTable('Digests', shown!),
      others!.length > 0 &&
        markup`<details><summary>${count(others!.length)} signed measurements of corruptions</summary>${digestTable('Digests of corruptions', others!)}</details>`,
      facts([
        ['Signed statement', statement],
        ['Key', keyId],
        ['This report', markup`<span class="mono">${own}</span> <span class="small muted">(${what})</span>`],
      ]),
    ],
  )
}
