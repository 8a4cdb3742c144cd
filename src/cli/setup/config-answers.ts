import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import type { ConfigAnswers } from '../../assessment/config/index.ts'
import { count, percent } from '../../assessment/report/format.ts'
import type { Classifier } from '../../models/classifier.ts'
import { sizeOf } from '../../onnx/tensor.ts'
import { misfit } from '../../threat/domain.ts'
import type { Findings, InitCommand } from './findings.ts'

/** What the commented configuration says. Its paths start from its own folder. */
export const answersOf = (command: InitCommand, model: Classifier, findings: Findings): ConfigAnswers => {
  const { from, available, rows, feeding, range, output, accuracy, error, task, budgets, features } = findings
  const path = (file: string): string => pathFrom(dirname(resolve(command.out)), file)
  return {
    model: {
      path: path(command.model),
      summary: summaryOf(model),
      range: range.range,
      rangeReason: range.reason,
      ...(range.units && { units: range.units }),
      ...(command.shape && { shape: model.input.dims }),
      ...(task.kind !== 'classification' && { task: task.kind }),
      output: output.output,
      outputReason: output.reason,
    },
    data: {
      path: path(command.data),
      summary: `${count(available)} rows, ${model.classes} ${outputWords[task.kind]}; fed as ${feeding.title}${triedText(findings)}`,
      ...(from.labels && { labels: path(from.labels) }),
      ...(from.label && { label: from.label }),
      ...(from.labelColumns && { labelColumns: from.labelColumns }),
      rows,
      ...(from.columns && { columns: from.columns }),
      ...(feeding.scale !== 1 && { scale: '1/255' }),
    },
    ...(task.kind === 'regression'
      ? error && { error: Number(error.value.toPrecision(4)) }
      : { accuracy: Number(accuracy.value.toFixed(4)) }),
    threat: {
      access: 'white-box',
      ...(task.kind === 'regression' && { goal: { tolerance: task.tolerance } }),
      ...(task.kind === 'multi-label' && { goal: { flips: 'any' } }),
      norms: [budgets],
      images: misfit('images', model.input.dims) === undefined,
    },
    ...(features && { features }),
    gates: gatesFor(findings),
  }
}

const outputWords = { classification: 'classes', regression: 'outputs', 'multi-label': 'labels' } as const

/** " (accuracy 99.2 %; bytes as they are 98.0 %)", where there was a choice. */
const triedText = ({ tried, feeding, task }: Findings): string => {
  if (tried.length < 2 || task.kind === 'regression') return ''
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
const gatesFor = ({ accuracy, error, task, budgets }: Findings): ConfigAnswers['gates'] => [
  ...(task.kind === 'regression'
    ? error
      ? [{ id: 'error', metric: 'mean-absolute-error', atMost: Number((1.1 * error.value).toPrecision(3)) } as const]
      : []
    : [
        {
          id: task.kind === 'classification' ? 'clean-accuracy' : 'clean-share',
          metric: task.kind === 'classification' ? 'clean-accuracy' : 'clean-share',
          atLeast: Math.max(0, Math.floor((accuracy.value - 0.02) * 100) / 100),
        } as const,
      ]),
  {
    id: `robust-${budgets.norm}`,
    metric: task.kind === 'classification' ? 'robust-accuracy' : 'robust-share',
    norm: budgets.norm,
    epsilon: budgets.epsilon[0],
    atLeast: 0.5,
  },
]

const pathFrom = (folder: string, file: string): string => {
  const path = relative(folder, resolve(file))
  return (isAbsolute(path) ? path : path.split(sep).join('/')) || '.'
}
