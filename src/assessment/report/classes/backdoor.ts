import type { ReversedTrigger } from '../../../contract/index.ts'
import type { Block } from '../blocks/block.ts'
import { className } from '../class-name.ts'
import { bareInterval, number, percent } from '../format.ts'
import type { ClassReport, ProbeOf } from './class-report.ts'

type BackdoorProbe = ProbeOf<'backdoor'>

const index = ({ anomalyIndex }: Pick<ReversedTrigger, 'anomalyIndex'>): string =>
  anomalyIndex === null ? 'cannot tell' : number(anomalyIndex)

const kinds: Readonly<Record<ReversedTrigger['kind'], string>> = { patch: 'patch', blend: 'blended pattern' }

export const backdoorReport: ClassReport<BackdoorProbe> = {
  title: 'Backdoor',
  lead: 'For each class the smallest change was searched that turns rows of every other class into it. A class that needs a much smaller one than the rest has a trigger.',
  headline: ({ result, reason }, report) => {
    if (!result) return reason ?? 'not run'
    const { verdict, target } = result
    const led = target === null ? '' : `, class ${className(target, report)}`
    return `${verdict}${led}, anomaly index ${index(result)}`
  },
  blocks: ({ attack, result, reason }, report): readonly Block[] => {
    if (!result) return [{ kind: 'text', text: `${attack}: ${reason ?? 'not run'}` }]
    const { trigger, classes, strip } = result
    const shown = [...(trigger ? [trigger] : []), ...classes.filter(({ class: label }) => label !== trigger?.class)]
    return [
      { kind: 'text', text: result.reason },
      ...(strip
        ? [
            {
              kind: 'text',
              text: `STRIP at inference: a row is rejected whose ${strip.copies} blends with clean rows have a mean entropy below ${number(strip.threshold)} bits, which ${percent(strip.rate)} of clean rows may. It rejects ${percent(strip.clean.value)} of ${strip.clean.n} other clean rows, and ${percent(strip.triggered.value)} of the same rows with the rebuilt trigger.`,
            } as const,
          ]
        : []),
      {
        kind: 'pictures',
        items: shown.flatMap(({ picture, class: label, kind, l1 }) =>
          picture === undefined
            ? []
            : [
                {
                  name: picture,
                  alt: `The ${kinds[kind]} that was rebuilt for class ${className(label, report)}`,
                  caption: `${className(label, report)}, size ${number(l1)}`,
                },
              ],
        ),
      },
      {
        kind: 'table',
        title: 'Rebuilt triggers by class',
        columns: [
          { title: 'Class' },
          { title: 'Kind' },
          { title: 'Size (L1 of the mask)', align: 'right' },
          { title: 'Euclidean size', align: 'right' },
          { title: 'Anomaly index', align: 'right' },
          { title: 'Rows turned', align: 'right' },
          { title: '95 % interval', align: 'right' },
        ],
        rows: classes.map((one) => [
          className(one.class, report),
          kinds[one.kind],
          number(one.l1),
          one.l2 === undefined ? '' : number(one.l2),
          index(one),
          percent(one.success.value),
          `${bareInterval(one.success)} %`,
        ]),
      },
    ]
  },
}
