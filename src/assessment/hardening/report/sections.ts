import type { Figure, Hardening, Robustness } from '../../../contract/index.ts'
import { bareInterval, budget, count, normNames, number, percent } from '../../report/format.ts'
import { htmlTable } from '../../report/html/html-table.ts'
import { intervalBar } from '../../report/html/interval-bar.ts'
import { lineChart, type Series } from '../../report/html/line-chart.ts'
import { budgetOf, facts, section } from '../../report/html/parts.ts'
import { type Content, type Markup, markup } from '../../report/markup.ts'
import { changeOf, comparisonOf, plainCount, plainFigure } from './comparison.ts'
import { epochChart } from './epoch-chart.ts'

const shareCell = (figure: Figure | undefined): Content =>
  figure &&
  markup`<span class="measured"><span class="num">${percent(figure.value)}</span>${intervalBar(figure, 'bar')}</span><span class="small muted">${bareInterval(figure)} %, ${count(figure.n)} rows</span>`

export const comparisonSection = (result: Hardening): Markup =>
  section(
    'comparison',
    'Before and after',
    'Both models on the same rows under the same attacks. Robust accuracy is the worst case over attacks, row by row; ranges are 95 % intervals.',
    htmlTable(
      'Before and after',
      [
        { title: 'Measured' },
        { title: 'Before' },
        { title: 'After' },
        { title: 'Change', align: 'right', whole: true },
      ],
      comparisonOf(result).map((line) => {
        const change = markup`<span class="num">${changeOf(line)}</span>`
        if (line.kind === 'share') return [line.measure, shareCell(line.before), shareCell(line.after), change]
        const text = line.kind === 'count' ? [line.before, line.after].map(plainCount) : []
        const [was, is] = line.kind === 'figure' ? [plainFigure(line.before), plainFigure(line.after)] : text
        return [line.measure, was, is, change]
      }),
    ),
  )

/** A line from the clean accuracy to a distant budget would claim robustness that was not measured. */
const worstSeries = (name: string, { worst }: Robustness): Series => ({
  name,
  points: worst.map(({ epsilon, accuracy }) => ({ x: epsilon, y: accuracy })),
  apart: true,
})

const curveSeries = (name: string, { curve }: Robustness): readonly Series[] =>
  curve ? [{ name, points: curve.points.map(({ epsilon, accuracy }) => ({ x: epsilon, y: accuracy })) }] : []

export const robustnessPart = ({ before, after, threat, input }: Hardening): Markup | '' => {
  const [was, is] = [before.robustness, after.robustness]
  if (!was || !is) return ''
  const rows = [
    ['before', was],
    ['after', is],
  ] as const
  return section(
    'robustness',
    'Robustness',
    'Robust accuracy is the share of all rows still predicted as labelled after the attack. The attacker sees weights and gradients, and passes whatever stands in front of the network.',
    markup`<div class="columns">${lineChart({
      id: 'budgets',
      title: `Robust accuracy against the ${normNames[threat.norm]} budget`,
      xLabel: `${normNames[threat.norm]} budget (range ${input.range.map(number).join(' to ')})`,
      yLabel: 'Robust accuracy, %',
      xText: (epsilon) => budget(epsilon, threat.norm, input),
      series: [
        worstSeries('before, worst case', was),
        worstSeries('after, worst case', is),
        ...curveSeries('before, short PGD', was),
        ...curveSeries('after, short PGD', is),
      ],
    })}</div><h3>By attack</h3>${htmlTable(
      'Robust accuracy by attack',
      [
        { title: 'Attack' },
        { title: 'Budget', whole: true },
        { title: 'Model' },
        { title: 'Robust accuracy' },
        { title: '95 % interval', align: 'right' },
        { title: 'Rows', align: 'right' },
        { title: 'Remarks' },
      ],
      rows.flatMap(([name, { probes }]) =>
        probes.map((probe) => [
          probe.attack,
          budgetOf(probe, input),
          name,
          probe.result &&
            markup`<span class="measured"><span class="num">${percent(probe.result.robustAccuracy.value)}</span>${intervalBar(probe.result.robustAccuracy, 'bar')}</span>`,
          probe.result && markup`<span class="num">${bareInterval(probe.result.robustAccuracy)} %</span>`,
          probe.result && count(probe.result.rows),
          probe.reason ?? probe.flags.map(({ message }) => message).join('; '),
        ]),
      ),
    )}`,
  )
}

/** How the sentence on the end of training begins. */
const endings: Readonly<Record<NonNullable<Hardening['stopped']>['reason'], string>> = {
  finished: 'Finished',
  'early stopping': 'Stopped early',
  diverged: 'Diverged',
  'catastrophic overfitting': 'Catastrophic overfitting',
}

export const trainingPart = ({ epochs, stopped }: Hardening): Markup | '' => {
  if (epochs.length === 0) return ''
  const validated = epochs.flatMap(({ validation }) => validation ?? [])
  const best = epochs.findLast((epoch) => epoch.best)
  return section(
    'training',
    'Training',
    `${stopped ? `${endings[stopped.reason]}: ${stopped.detail}. ` : ''}${best ? `The weights are those of epoch ${best.epoch}.` : ''}`,
    markup`<div class="columns">${epochChart({
      id: 'loss',
      title: 'Loss by epoch',
      yLabel: 'Loss',
      text: number,
      series: [{ name: 'training', values: epochs.map(({ loss }) => loss) }],
    })}${epochChart({
      id: 'accuracy',
      title: 'Accuracy by epoch',
      yLabel: 'Accuracy, share',
      most: 1,
      text: percent,
      series: [
        { name: 'on the rows as trained on', values: epochs.map(({ accuracy }) => accuracy) },
        { name: 'validation, clean', values: validated.map(({ accuracy }) => accuracy) },
        {
          name: 'validation, under attack',
          values: validated.flatMap(({ robustAccuracy }) => robustAccuracy ?? []),
        },
      ],
    })}</div>`,
  )
}

export const methodPart = (result: Hardening): Markup => {
  const { about, method, params, seed, model, data, input, threat, maxCleanDrop, notes } = result
  const mono = (digest: string): Markup => markup`<span class="mono">${digest}</span>`
  return section(
    'method',
    'How this was done',
    'Rows of the assessment were never trained on. The new file was read back from the disk and measured as the old one was.',
    markup`<div class="columns"><div class="card"><h3>Method</h3>${facts([
      ['Method', `${method}: ${about.title}`],
      ['Reference', about.reference],
      [
        'Parameters',
        Object.entries(params)
          .map(([key, value]) => `${key}=${value}`)
          .join(', '),
      ],
      ['Seed', String(seed)],
      ['From', model.before.architecture ?? model.before.path],
      ['Its SHA-256', mono(model.before.sha256)],
      ['To', model.after.path],
      ['Its SHA-256', mono(model.after.sha256)],
    ])}</div><div class="card"><h3>Data and threat</h3>${facts([
      ['Trained on', `${count(data.training.rows)} rows of ${data.training.path}`],
      ['Validated on', `${count(data.validation.rows)} rows of it`],
      [
        'Assessed on',
        `${count(data.assessment.rows)} rows of ${data.assessment.path}${data.heldOut ? ', held out' : ''}`,
      ],
      ['Attacked', threat.epsilons.length > 0 ? `${count(data.attacked)} of them` : 'none'],
      ['Row shape', input.shape.join(' × ')],
      ['Input range', `${input.range.map(number).join(' to ')}, ${input.units}`],
      [
        'Budgets',
        threat.epsilons.map((epsilon) => `${normNames[threat.norm]} ${budget(epsilon, threat.norm, input)}`).join(', '),
      ],
      ['Battery', threat.epsilons.length > 0 ? threat.battery : ''],
      ['Clean accuracy may fall by', `${number(100 * maxCleanDrop)} points`],
    ])}</div></div>${notes.length > 0 ? markup`<div class="callout"><h3>To know</h3><ul>${notes.map((note) => markup`<li>${note}</li>`)}</ul></div>` : ''}`,
  )
}
