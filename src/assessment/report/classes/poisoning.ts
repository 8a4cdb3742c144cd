import type { PoisonedPoint, PoisoningResult, ScreenedPoint } from '../../../contract/index.ts'
import type { Block } from '../blocks/block.ts'
import { className } from '../class-name.ts'
import { count, figure, percent } from '../format.ts'
import type { Series } from '../html/line-chart.ts'
import type { ClassReport, ProbeOf } from './class-report.ts'

type PoisoningProbe = ProbeOf<'poisoning'>

/** One line without a screen, and one for each screen, of what `pick` reads; shares that weren't measured are left out. */
const seriesOf = (
  { points }: PoisoningResult,
  pick: (point: PoisonedPoint | ScreenedPoint) => PoisonedPoint['success'],
): readonly Series[] => {
  const screens = [...new Set(points.flatMap(({ screens }) => screens.map(({ screen }) => screen)))]
  const along = (name: string, of: (point: PoisonedPoint) => PoisonedPoint | ScreenedPoint | undefined): Series => ({
    name,
    points: points.flatMap((point) => {
      const found = of(point)
      const y = found && pick(found)
      return y ? [{ x: point.fraction, y }] : []
    }),
  })
  return [
    along('without a screen', (point) => point),
    ...screens.map((name) => along(name, (point) => point.screens.find(({ screen }) => screen === name))),
  ].filter(({ points: found }) => found.length > 0)
}

export const poisoningReport: ClassReport<PoisoningProbe> = {
  title: 'Poisoning',
  lead: 'Small copies of the model were trained on data of which a share was poisoned, once as they were and once after each screen had taken out what it flagged.',
  headline: ({ result, reason }) => {
    if (!result) return reason ?? 'not run'
    const [clean, ...poisoned] = result.points
    const worst = poisoned.at(-1) ?? clean!
    const success = worst.success ? `, success ${percent(worst.success.value)}` : ''
    return `accuracy ${percent(clean!.accuracy.value)} clean, ${percent(worst.accuracy.value)} at ${percent(worst.fraction)} poisoned${success}`
  },
  blocks: ({ id, attack, result, reason }, report): readonly Block[] => {
    if (!result) return [{ kind: 'text', text: `${attack}: ${reason ?? 'not run'}` }]
    const shared = { xLabel: 'Poisoned share of the training rows', xText: percent } as const
    const success = seriesOf(result, ({ success: found }) => found)
    const target = result.target === undefined ? '' : ` The attack leads to class ${className(result.target, report)}.`
    return [
      {
        kind: 'text',
        text: `${attack}: ${count(result.trainingRows)} training rows, judged on ${count(result.rows)}.${target}${(result.notes ?? []).map((note) => ` ${note}`).join('')}`,
      },
      {
        kind: 'chart',
        id: `${id}-accuracy`,
        title: `${attack}: accuracy on clean rows`,
        yLabel: 'Accuracy (%)',
        ...shared,
        series: seriesOf(result, ({ accuracy }) => accuracy),
      },
      ...(success.length === 0
        ? []
        : [
            {
              kind: 'chart',
              id: `${id}-success`,
              title: `${attack}: success of the attack`,
              yLabel: 'Success (%)',
              ...shared,
              series: success,
            } as const,
          ]),
      {
        kind: 'table',
        title: `What the screens found of ${attack}`,
        columns: [
          { title: 'Poisoned' },
          { title: 'Screen' },
          { title: 'Flagged', align: 'right' },
          { title: 'Precision', align: 'right' },
          { title: 'Recall', align: 'right' },
          { title: 'Remark' },
        ],
        rows: result.points.flatMap(({ fraction, poisoned, screens }) =>
          screens.map(({ screen, verdict, flagged, precision, recall, accuracy, reason: why }) => [
            `${percent(fraction)} (${count(poisoned)})`,
            screen,
            verdict === 'flagged' ? count(flagged) : verdict,
            precision ? figure(precision) : '',
            recall ? figure(recall) : '',
            accuracy ? (verdict === 'cannot tell' ? (why ?? '') : '') : 'no row was left to learn from',
          ]),
        ),
      },
    ]
  },
}
