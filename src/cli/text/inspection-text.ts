import { renderTable } from '../../assessment/report/table.ts'
import type { TensorInfo } from '../../contract/index.ts'
import type { Inspection } from '../work/inspection.ts'
import { counted, fields } from './fields.ts'

const kinds = {
  logits: 'logits (scores before the softmax)',
  probabilities: 'probabilities',
  'binary-logit': 'one logit for two classes',
  'binary-probability': 'one probability for two classes',
  'predicted-class': 'the predicted class alone',
  numbers: 'numbers',
  'label-logits': 'one logit for each label',
  'label-probabilities': 'one probability for each label',
} as const

const tensorText = ({ name, type, shape }: TensorInfo): string =>
  `"${name}" ${type} [${shape.map((size) => size ?? '?').join(', ')}]`

const record = (entries: Readonly<Record<string, string | number>>, separator: string): string =>
  Object.entries(entries)
    .map(([key, value]) => `${key}${separator}${value}`)
    .join(', ')

const classifierText = ({ classifier, notClassifier }: Inspection): string =>
  classifier === undefined
    ? `no: ${notClassifier}`
    : `${counted(classifier.classes, 'class').replace(/classs$/, 'classes')}, ${kinds[classifier.outputKind]}: ${classifier.because}`

const gradientText = ({ differentiable }: Inspection): string => {
  if (differentiable.ok)
    return differentiable.of === 'embedding'
      ? 'yes, at the embedding (the input holds whole numbers)'
      : 'yes, from the scores to the input'
  return `no: ${differentiable.reason}; score- and decision-based attacks still run`
}

/** What `bartizan inspect` prints. */
export const inspectionText = (inspection: Inspection, width: number): string => {
  const { path, bytes, sha256, irVersion, opset, producer, parameters, arrays, operators, runs, metadata } = inspection
  const rows = operators.map(({ operator, count, gradient, caveat }) => [
    operator,
    String(count),
    caveat === undefined ? gradient : `${gradient} (${caveat})`,
  ])
  return [
    path,
    fields(
      [
        ['file', `${counted(bytes, 'byte')}, sha256 ${sha256}`],
        ['format', `ONNX, IR ${irVersion}, opset ${record(opset, ' ')}`],
        ['producer', producer || 'not stated'],
        ['description', inspection.description],
        ['metadata', record(metadata, '=')],
        ['functions', inspection.functions.join(', ')],
        ['parameters', `${counted(parameters, 'number')} in ${counted(arrays, 'array')}`],
        ['inputs', inspection.inputs.map(tensorText).join(', ')],
        ['outputs', inspection.outputs.map(tensorText).join(', ')],
        ['classifier', classifierText(inspection)],
        ['gradient', gradientText(inspection)],
        ['runtime', runs && (runs.ok ? 'ONNX Runtime loads it' : `no: ${runs.reason}`)],
      ],
      width,
    ),
    '',
    renderTable([{ title: 'operator' }, { title: 'count', align: 'right' }, { title: 'gradient' }], rows, width),
  ].join('\n')
}
