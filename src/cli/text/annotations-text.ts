import { count, interval, number, percent } from '../../assessment/report/format.ts'
import { renderTable, wrapText } from '../../assessment/report/table.ts'
import type {
  AnnotationAudit,
  AnnotationCoefficient,
  AnnotationsResult,
  AnnotatorSummary,
} from '../../contract/annotations.ts'
import type { Figure } from '../../contract/index.ts'
import { counted, fields } from './fields.ts'

const most = 12

const methodNames: Readonly<Record<AnnotationsResult['settings']['method'], string>> = {
  'dawid-skene': 'Dawid and Skene, a confusion matrix for each annotator',
  'one-coin': 'Dawid and Skene, one rate for each annotator',
  glad: 'GLAD, abilities and difficulties',
  mace: 'MACE, competence and spam',
  majority: 'majority vote',
}

const verdictNames: Readonly<Record<AnnotatorSummary['verdict'], string>> = {
  useful: 'useful',
  weak: 'weak: far below the others',
  spammer: 'no better than chance',
  contrary: 'worse than chance',
  'cannot-tell': 'too few answers to tell',
}

const share = (figure: Figure): string => `${percent(figure.value)} (${interval(figure)})`

const coefficientText = ({ figure, reason }: AnnotationCoefficient): string =>
  figure === null
    ? `undefined: ${reason ?? ''}`
    : `${figure.value.toFixed(3)} (${figure.low.toFixed(3)} to ${figure.high.toFixed(3)}, ${counted(figure.n, 'item')})`

const agreementText = ({ agreement, consensus }: AnnotationsResult, width: number): string =>
  fields(
    [
      [`Krippendorff's alpha, ${agreement.level}`, coefficientText(agreement.krippendorff)],
      ["Fleiss' kappa", coefficientText(agreement.fleiss)],
      ...agreement.cohen
        .slice(0, 3)
        .map(
          ({ first, second, kappa }) =>
            [`Cohen's kappa, ${first.slice(0, 24)} and ${second.slice(0, 24)}`, coefficientText(kappa)] as const,
        ),
      ['all answers alike', agreement.unanimous === null ? 'no item has two answers' : share(agreement.unanimous)],
      [
        'labels of the items',
        `by ${methodNames[consensus.method]}; ${counted(consensus.uncertain, 'item')} less than 90 % sure` +
          (consensus.converged ? '' : '; did not settle'),
      ],
    ],
    width,
  )

const annotatorsText = ({ annotators, annotatorCount }: AnnotationsResult, width: number): string => {
  const gold = annotators.some((one) => one.gold !== null)
  return [
    renderTable(
      [
        { title: 'annotator' },
        { title: 'answers', align: 'right' },
        { title: 'right', align: 'right' },
        ...(gold ? [{ title: 'right on gold', align: 'right' as const, dispensable: 1 }] : []),
        { title: 'above chance', align: 'right', dispensable: 2 },
        { title: 'adjusted p', align: 'right', dispensable: 3 },
        { title: 'verdict' },
      ],
      annotators
        .slice(0, most)
        .map((one) => [
          one.id,
          count(one.answers),
          share(one.accuracy),
          ...(gold ? [one.gold === null ? '-' : share(one.gold)] : []),
          one.aboveChance === null ? '-' : one.aboveChance.toFixed(2),
          number(one.adjusted),
          one.colludesWith.length > 0 ? `${verdictNames[one.verdict]}; colludes` : verdictNames[one.verdict],
        ]),
      width,
    ),
    ...(annotatorCount > most ? [`and ${count(annotatorCount - most)} more`] : []),
  ].join('\n')
}

const collusionText = ({ collusion }: AnnotationsResult, width: number): readonly string[] =>
  collusion.pairCount === 0
    ? []
    : [
        '',
        'Pairs that make the same errors more often than their skills explain',
        renderTable(
          [
            { title: 'annotators' },
            { title: 'common items', align: 'right', dispensable: 1 },
            { title: 'same errors', align: 'right' },
            { title: 'expected', align: 'right' },
            { title: 'adjusted p', align: 'right' },
          ],
          collusion.pairs
            .slice(0, most)
            .map((pair) => [
              `${pair.first} and ${pair.second}`,
              count(pair.common),
              count(pair.sameErrors),
              number(pair.expected),
              number(pair.adjusted),
            ]),
          width,
        ),
        ...(collusion.pairCount > most ? [`and ${count(collusion.pairCount - most)} more`] : []),
      ]

const issuesText = ({ issues, issueCount, counts }: AnnotationsResult, width: number): readonly string[] =>
  issueCount === 0
    ? ['', 'No answer is probably wrong.']
    : [
        '',
        `${counted(issueCount, 'answer')} of ${count(counts.answers)} probably wrong, the worst first`,
        renderTable(
          [
            { title: 'row', align: 'right' },
            { title: 'item' },
            { title: 'annotator', dispensable: 1 },
            { title: 'given' },
            { title: 'suggested' },
            { title: 'chance that it is right', align: 'right' },
          ],
          issues
            .slice(0, most)
            .map(({ row, item, annotator, given, suggested, score }) => [
              String(row),
              item,
              annotator,
              given,
              suggested,
              percent(score),
            ]),
          width,
        ),
        ...(issueCount > most ? [`and ${count(issueCount - most)} more`] : []),
      ]

const auditText = (audit: AnnotationAudit, width: number): readonly string[] => {
  const { outcome, bound, confidence, tolerated, size, population } = audit
  const plan =
    `audit: ${counted(size, 'label')}${population === undefined ? '' : ` of ${count(population)}`}, drawn at random, with at most ${tolerated} wrong ` +
    `show that no more than ${percent(bound)} are wrong, at a confidence of ${percent(confidence)}`
  if (outcome === undefined) return ['', wrapText(plan, width, '  ')]
  const { anytime } = outcome
  return [
    '',
    wrapText(plan, width, '  '),
    wrapText(
      `found: ${outcome.errors} wrong of ${outcome.audited}, ${share(outcome.share)}: ${outcome.verdict}` +
        (outcome.verdict === 'inconclusive' ? `; ${count(outcome.needed)} with no more wrong ones would do` : ''),
      width,
      '  ',
    ),
    wrapText(
      `if one looked more than once: ${percent(anytime.low)} to ${percent(anytime.high)} are wrong, ${anytime.verdict === 'go-on' ? 'go on' : anytime.verdict}`,
      width,
      '  ',
    ),
  ]
}

/** What `bartizan data labels` prints for answers by several annotators. */
export const annotationsText = (result: AnnotationsResult, width: number): string => {
  const { counts, data, gold, audit, notes, reasons, verdict } = result
  return [
    wrapText(
      `${data.path}: ${counted(counts.answers, 'answer')} to ${counted(counts.items, 'item')} by ${counted(counts.annotators, 'annotator')}, ${counted(result.classes.length, 'label')}`,
      width,
    ),
    '',
    agreementText(result, width),
    '',
    annotatorsText(result, width),
    ...collusionText(result, width),
    ...issuesText(result, width),
    ...(gold?.accuracy
      ? ['', `gold questions: ${share(gold.accuracy)} of ${counted(gold.answers, 'answer')} right`]
      : []),
    ...(audit ? auditText(audit, width) : []),
    '',
    ...notes.map((note) => wrapText(`note: ${note}`, width, '  ')),
    ...reasons.map((reason) => wrapText(`- ${reason}`, width, '  ')),
    { passed: 'PASSED', failed: 'FAILED', inconclusive: 'INCONCLUSIVE: nothing could be told' }[verdict],
  ].join('\n')
}
