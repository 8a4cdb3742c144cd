import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import type { ConfigAnswers } from '../../assessment/config/index.ts'
import { count, percent } from '../../assessment/report/format.ts'
import type { Classifier } from '../../models/classifier.ts'
import { sizeOf } from '../../onnx/tensor.ts'
import { misfit } from '../../threat/domain.ts'
import type { Findings, InitCommand } from './findings.ts'

/** What the commented configuration says. Its paths start from its own folder. */
export const answersOf = (command: InitCommand, model: Classifier, findings: Findings): ConfigAnswers => {
  const { from, available, rows, feeding, range, output, accuracy, budgets, features } = findings
  const path = (file: string): string => pathFrom(dirname(resolve(command.out)), file)
  return {
    model: {
      path: path(command.model),
      summary: summaryOf(model),
      range: range.range,
      rangeReason: range.reason,
      ...(range.units && { units: range.units }),
      ...(command.shape && { shape: model.input.dims }),
      output: output.output,
      outputReason: output.reason,
    },
    data: {
      path: path(command.data),
      summary: `${count(available)} rows, ${model.classes} classes; fed as ${feeding.title}${triedText(findings)}`,
      ...(from.labels && { labels: path(from.labels) }),
      ...(from.label && { label: from.label }),
      rows,
      ...(from.columns && { columns: from.columns }),
      ...(feeding.scale !== 1 && { scale: '1/255' }),
    },
    accuracy: Number(accuracy.value.toFixed(4)),
    threat: { access: 'white-box', norms: [budgets], images: misfit('images', model.input.dims) === undefined },
    ...(features && { features }),
    gates: gatesFor(findings),
  }
}

/** " (accuracy 99.2 %; bytes as they are 98.0 %)", where there was a choice. */
const triedText = ({ tried, feeding }: Findings): string => {
  if (tried.length < 2) return ''
  const others = tried
    .filter(({ title }) => title !== feeding.title)
    .map((way) => `${way.title} ${percent(way.accuracy)}`)
  return ` (accuracy ${percent(feeding.accuracy)}; ${others.slice(0, 2).join(', ')})`
}

const summaryOf = ({ source, path }: Classifier): string => {
  const { producerName, producerVersion, opsets, graph } = source
  const parameters = [...graph.initializers.values()].reduce((sum, { dims }) => sum + sizeOf(dims), 0)
  const made = `${producerName} ${producerVersion}`.trim()
  return `${path.split(/[\\/]/).at(-1)}, opset ${opsets[''] ?? '?'}, ${count(parameters)} parameters${made ? `, from ${made}` : ''}`
}

/** Requirements to begin with: today's accuracy may not get lost, and half of the rows withstand the smallest budget. */
const gatesFor = ({ accuracy, budgets }: Findings): ConfigAnswers['gates'] => [
  {
    id: 'clean-accuracy',
    metric: 'clean-accuracy',
    atLeast: Math.max(0, Math.floor((accuracy.value - 0.02) * 100) / 100),
  },
  {
    id: `robust-${budgets.norm}`,
    metric: 'robust-accuracy',
    norm: budgets.norm,
    epsilon: budgets.epsilon[0],
    atLeast: 0.5,
  },
]

const pathFrom = (folder: string, file: string): string => {
  const path = relative(folder, resolve(file))
  return (isAbsolute(path) ? path : path.split(sep).join('/')) || '.'
}
