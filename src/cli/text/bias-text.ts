import { count, figure, interval, number, percent } from '../../assessment/report/format.ts'
import { renderTable, wrapText } from '../../assessment/report/table.ts'
import type {
  BiasGap,
  BiasGrouping,
  BiasProxy,
  BiasRate,
  BiasResult,
  BiasTransform,
} from '../../contract/bias-result.ts'
import type { Figure } from '../../contract/index.ts'
import { counted } from './fields.ts'
import { recordedText } from './record-text.ts'

const most = 12

const rateTitles: Readonly<Record<BiasRate, string>> = {
  baseRate: 'label positive',
  selectionRate: 'predicted positive',
  truePositiveRate: 'TPR',
  falsePositiveRate: 'FPR',
  falseNegativeRate: 'FNR',
  positivePredictiveValue: 'PPV',
  negativePredictiveValue: 'NPV',
  accuracy: 'accuracy',
}

const shownRates = ['baseRate', 'selectionRate', 'truePositiveRate', 'falsePositiveRate', 'accuracy'] as const

const rateCell = (measured: Figure | undefined): string =>
  measured === undefined ? '-' : `${percent(measured.value)} (${interval(measured)})`

const groupTable = ({ groups, columns }: BiasGrouping, width: number): string => {
  const rates = shownRates.filter((rate) => groups.some((group) => group.rates[rate] !== undefined))
  const referenced = groups.some(({ reference }) => reference !== undefined)
  const calibrated = groups.some(({ calibration }) => calibration !== undefined)
  return renderTable(
    [
      { title: columns.join(' and ') },
      { title: 'rows', align: 'right' },
      { title: 'share', align: 'right', dispensable: 5 },
      ...(referenced ? [{ title: 'reference', align: 'right' as const }] : []),
      ...rates.map((rate, i) => ({ title: rateTitles[rate], align: 'right' as const, dispensable: i === 0 ? 1 : i })),
      ...(calibrated ? [{ title: 'calibration error', align: 'right' as const, dispensable: 6 }] : []),
    ],
    groups.map((group) => [
      `${group.id}${group.tooSmall ? ' (too few)' : ''}`,
      count(group.rows),
      percent(group.share.value),
      ...(referenced ? [group.reference === undefined ? '-' : percent(group.reference)] : []),
      ...rates.map((rate) => rateCell(group.rates[rate])),
      ...(calibrated ? [group.calibration ? number(group.calibration.expectedError.value) : '-'] : []),
    ]),
    width,
  )
}

const gapFigure = ({ value, low, high }: Figure): string =>
  `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`

const impact = ({ metric, ratio }: BiasGap): string => {
  if (ratio.betweenGroups === null) return '-'
  const shown = gapFigure(ratio.betweenGroups)
  return metric === 'statistical-parity' || metric === 'demographic-parity'
    ? `${shown}${ratio.betweenGroups.value < 0.8 ? ' < 4/5' : ''}`
    : shown
}

const between = ({ lowest, highest }: BiasGap): string => (lowest && highest ? `${lowest} | ${highest}` : '-')

const gapTable = ({ gaps }: BiasGrouping, width: number): string =>
  renderTable(
    [
      { title: 'metric' },
      { title: 'difference', align: 'right' },
      { title: 'ratio', align: 'right', dispensable: 2 },
      { title: 'n', align: 'right', dispensable: 3 },
      { title: 'lowest | highest', dispensable: 4 },
      { title: 'verdict' },
    ],
    gaps.map((gap) => [
      gap.metric,
      gap.difference.betweenGroups === null ? '-' : gapFigure(gap.difference.betweenGroups),
      impact(gap),
      gap.difference.betweenGroups === null ? '-' : count(gap.difference.betweenGroups.n),
      between(gap),
      gap.judged ? gap.verdict : 'not judged',
    ]),
    width,
  )

const groupingText = (grouping: BiasGrouping, width: number): readonly string[] => {
  const { representation, absent, comparisons } = grouping
  const against = comparisons[0]?.against
  return [
    '',
    `By ${grouping.columns.join(' and ')}${against ? ` (in the JSON each group is compared with ${against})` : ''}`,
    groupTable(grouping, width),
    '',
    gapTable(grouping, width),
    ...(representation
      ? [
          wrapText(
            `representation: ${representation.group} is ${gapFigure(representation.gap)} away from the reference share: ${representation.verdict}, ${representation.reason}`,
            width,
          ),
        ]
      : []),
    ...(absent.length > 0
      ? [wrapText(`no row at all: ${absent.slice(0, most).join('; ')}${absent.length > most ? '; …' : ''}`, width)]
      : []),
  ]
}

const proxyText = (proxies: readonly BiasProxy[], width: number): readonly string[] => {
  const flagged = proxies.filter((proxy) => proxy.flagged)
  if (flagged.length === 0) return proxies.length === 0 ? [] : ['', 'No other column alone tells a protected one.']
  return [
    '',
    'Columns that tell a protected one: leaving that out does not hide it',
    renderTable(
      [
        { title: 'column' },
        { title: 'tells' },
        { title: 'balanced accuracy', align: 'right' },
        { title: 'chance', align: 'right' },
        { title: "Cramer's V", align: 'right', dispensable: 1 },
        { title: 'adjusted p', align: 'right', dispensable: 2 },
      ],
      flagged
        .slice(0, most)
        .map((proxy) => [
          proxy.column,
          proxy.attribute,
          figure(proxy.balancedAccuracy),
          percent(proxy.chance),
          proxy.cramersV.toFixed(3),
          number(proxy.adjustedPValue),
        ]),
      width,
    ),
    ...(flagged.length > most ? [`and ${flagged.length - most} more`] : []),
  ]
}

const transformText = (transform: BiasTransform, width: number): readonly string[] => [
  '',
  wrapText(
    `${transform.rule}: ${counted(transform.rowsOut, 'row')} in ${transform.output.path}, ${count(transform.changed)} of ${counted(transform.rowsIn, 'row')} changed` +
      (transform.gapAfter === null ? '' : `; parity difference of the labels now ${number(transform.gapAfter)}`),
    width,
  ),
  ...transform.notes.map((note) => wrapText(`  ${note}`, width, '  ')),
  ...(transform.record ? [recordedText(transform.record)] : []),
]

const meaning =
  'A difference is between the groups with the highest and the lowest rate; its 95 % interval holds for all pairs of groups at once. ' +
  'A ratio below 4/5 is where US employment guidelines begin to ask: a reference line, no verdict. ' +
  'A gap says that groups are treated or labelled unequally here, not why, nor that this is wrong; no gap does not say that the labels are right. ' +
  'No metric is fairness: where the groups differ in how many are positive, no classifier that errs can have equal odds and equal predictive values at once (Chouldechova 2017, arXiv:1610.07524; Kleinberg et al. 2016, arXiv:1609.05807).'

/** What `bartizan data bias` prints. */
export const biasText = (result: BiasResult, width: number): string => {
  const { settings, rows, groupings, proxies, transforms, verdict, reasons, notes } = result
  const columns = [
    settings.label && `labels ${settings.label} (positive: ${settings.positive.join(', ')})`,
    settings.predictions && `predictions ${settings.predictions}`,
    settings.scores && `scores ${settings.scores}`,
  ].filter(Boolean)
  return [
    wrapText(`${result.data.path}: ${counted(rows.read, 'row')}; ${columns.join(', ')}`, width),
    ...groupings.flatMap((grouping) => groupingText(grouping, width)),
    ...proxyText(proxies, width),
    ...transforms.flatMap((transform) => transformText(transform, width)),
    '',
    wrapText(meaning, width),
    '',
    ...notes.map((note) => wrapText(`note: ${note}`, width, '  ')),
    ...reasons.slice(0, most).map((reason) => wrapText(`- ${reason}`, width, '  ')),
    `${verdict.toUpperCase()}: largest gap accepted ${settings.maxGap}, at least ${settings.minGroup} rows a group`,
  ].join('\n')
}
