import { changeOf, comparisonOf, plainCount, plainFigure } from '../../assessment/hardening/report/comparison.ts'
import { bareInterval, budget, normNames, number, percent } from '../../assessment/report/format.ts'
import { renderTable, wrapText } from '../../assessment/report/table.ts'
import type { Figure, Hardening, Latencies, ModelMeasurement } from '../../contract/index.ts'
import { counted } from './fields.ts'

const share = (figure: Figure | undefined): string =>
  figure ? `${percent(figure.value)} (${bareInterval(figure)})` : ''

/** One row a call where both files take one, else many. */
const timed = ({ before, after }: Hardening['timing']['latency']): readonly string[] => {
  const call = before.single && after.single ? 'single' : 'batch'
  const time = (of: Latencies): string => `${number(of[call]!.median)} ms`
  return [`time, ${counted(before[call]!.rows, 'row')}`, time(before), time(after), '']
}

/** Remarks on the attacks, each once, with the probes that it is about. */
const remarksOn = (when: string, { robustness }: ModelMeasurement): readonly string[] => {
  const about = new Map<string, string[]>()
  for (const { id, flags, reason } of robustness?.probes ?? [])
    for (const remark of [...flags.map(({ message }) => message), ...(reason ? [`not run: ${reason}`] : [])])
      about.set(remark, [...(about.get(remark) ?? []), id])
  return [...about].map(([remark, probes]) => `${when}, ${probes.join(', ')}: ${remark}`)
}

/** What `bartizan train` and `bartizan harden` print: the table of before and after, and the verdict with its reasons. */
export const hardeningText = (result: Hardening, width: number): string => {
  const { method, about, model, data, input, threat, before, after, verdict, reasons, notes, timing } = result
  const lines = comparisonOf(result).map((line) => {
    const [was, is] =
      line.kind === 'share'
        ? [share(line.before), share(line.after)]
        : line.kind === 'figure'
          ? [plainFigure(line.before), plainFigure(line.after)]
          : [plainCount(line.before), plainCount(line.after)]
    return [line.measure, was, is, changeOf(line)]
  })
  const item = (text: string): string => wrapText(`- ${text}`, width, '  ')
  const remarks = [...remarksOn('before', before), ...remarksOn('after', after)]
  const budgets = threat.epsilons.map((epsilon) => budget(epsilon, threat.norm, input)).join(', ')
  const attacked = `, ${data.attacked} of them attacked (${threat.battery}) in ${normNames[threat.norm]} by ${budgets}`
  return [
    wrapText(`${method} of ${model.before.architecture ?? model.before.path}: ${about.title}`, width),
    wrapText(`${data.training.rows} rows to train, ${data.assessment.rows} to assess${budgets && attacked}`, width),
    '',
    renderTable(
      [
        { title: '' },
        { title: 'before', align: 'right' },
        { title: 'after', align: 'right' },
        { title: 'change', align: 'right' },
      ],
      [...lines, timed(timing.latency)],
      width,
    ),
    '',
    ...(remarks.length > 0 ? ['Attacks that were not run, or may be failing:', ...remarks.map(item), ''] : []),
    ...notes.map(item),
    '',
    `${verdict.toUpperCase()}:`,
    ...reasons.map(item),
    '',
  ].join('\n')
}
