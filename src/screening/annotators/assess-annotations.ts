import { BartizanError } from '../../base/errors.ts'
import {
  type AnnotationAudit,
  type AnnotationMethod,
  type AnnotationsResult,
  annotationsResultSchema,
  annotationsSchemaVersion,
} from '../../contract/annotations.ts'
import { fileDigest } from '../../data/index.ts'
import { clopperPearson, figure } from '../../stats/index.ts'
import { withTable } from '../table/index.ts'
import { agreementOf } from './agreement/agreement.ts'
import { agreesBeyondChance } from './agreement/krippendorff.ts'
import type { Answers } from './answers/answers.ts'
import { oneVoiceEach } from './answers/one-voice.ts'
import { type ReadAnswers, readAnswers } from './answers/read-answers.ts'
import { drawSample, planAudit } from './audit/audit.ts'
import { type Consensus, likeliest } from './consensus/consensus.ts'
import { bearable, consensusBy, fitRates } from './consensus/consensus-by.ts'
import { goldTallies } from './gold.ts'
import { issuesOf, mostListed } from './issues.ts'
import { writeAnnotators, writeConsensus } from './lists.ts'
import { type AnnotationOptions, annotationDefaults } from './options.ts'
import { annotatorSummaries } from './people.ts'
import { type Collusions, colluders } from './skill/colluders.ts'
import { opinionOfOthers } from './skill/others.ts'
import { type SkillVerdict, skillTests } from './skill/spammers.ts'
import { verdictOf } from './verdict.ts'

const tableHint = 'give a CSV, TSV, JSONL or Parquet file with one answer a row: item, annotator, label'

const settingsOf = (options: AnnotationOptions): Omit<AnnotationsResult['settings'], 'method'> => {
  const { item, annotator, label, gold, goldFile, level, smoothing, falseDiscoveryRate, seed } = {
    ...annotationDefaults,
    ...options,
  }
  if (!(smoothing >= 0 && smoothing <= 1e6))
    throw new BartizanError('CONFIG_INVALID', `a smoothing of ${smoothing} is no number of answers`, {
      hint: 'give a number from 0 on; 2 is the default',
    })
  if (!(falseDiscoveryRate > 0 && falseDiscoveryRate < 1))
    throw new BartizanError('CONFIG_INVALID', `a false discovery rate of ${falseDiscoveryRate} is not between 0 and 1`)
  if (gold !== undefined && goldFile !== undefined)
    throw new BartizanError('CONFIG_INVALID', 'known labels come from a column or from a file, not from both')
  return {
    ...{ item, annotator, label, level, smoothing, falseDiscoveryRate, seed },
    ...(gold !== undefined && { gold }),
    ...(goldFile !== undefined && { goldFile }),
  }
}

const countsOf = ({ answers, rows, incomplete }: ReadAnswers): AnnotationsResult['counts'] => {
  const { items, annotators, start, annotator, item, gold } = answers
  let [repeated, singleAnswer] = [0, 0]
  for (let a = 1; a < item.length; a++) if (item[a] === item[a - 1] && annotator[a] === annotator[a - 1]) repeated++
  for (let i = 0; i < items.length; i++)
    if (start[i + 1]! > start[i]! && annotator[start[i]!] === annotator[start[i + 1]! - 1]) singleAnswer++
  return {
    rows,
    answers: item.length,
    incomplete,
    repeated,
    items: items.length,
    singleAnswer,
    annotators: annotators.length,
    goldItems: gold.reduce((n, known) => n + (known >= 0 ? 1 : 0), 0),
    goldAnswers: goldTallies(answers).reduce((n, tally) => n + tally.answers, 0),
  }
}

const classesOf = ({ classes, label, items }: Answers, posterior: Float64Array): AnnotationsResult['classes'] => {
  const [given, agreed] = [new Uint32Array(classes.length), new Uint32Array(classes.length)]
  for (const k of label) given[k]!++
  for (let i = 0; i < items.length; i++) agreed[likeliest(posterior, i, classes.length)]!++
  return classes.map((name, k) => ({ name, answers: given[k]!, items: agreed[k]! }))
}

const consensusSummary = (
  answers: Answers,
  { posterior, iterations, converged, objective }: Consensus,
  method: AnnotationMethod,
  out: string | undefined,
): AnnotationsResult['consensus'] => {
  const width = answers.classes.length
  let uncertain = 0
  for (let i = 0; i < answers.items.length; i++)
    if (posterior[i * width + likeliest(posterior, i, width)]! < 0.9) uncertain++
  return {
    ...{ method, iterations, converged, objective: objective.at(-1) ?? null, uncertain },
    ...(out !== undefined && { out }),
  }
}

const collusionSummary = (
  { annotators }: Answers,
  { pairs, tested, found, groups }: Collusions,
): AnnotationsResult['collusion'] => ({
  comparedPairs: pairs,
  testedPairs: tested,
  pairCount: found.length,
  pairs: found.slice(0, mostListed).map(({ first, second, ...rest }) => ({
    first: annotators[first]!,
    second: annotators[second]!,
    ...rest,
  })),
  groups: groups.map((group) => group.map((w) => annotators[w]!)),
})

const goldSummary = (answers: Answers, { goldItems, goldAnswers }: AnnotationsResult['counts']) => {
  const right = goldTallies(answers).reduce((n, tally) => n + tally.right, 0)
  return {
    items: goldItems,
    answers: goldAnswers,
    accuracy: goldAnswers === 0 ? null : figure(right, goldAnswers, clopperPearson),
  }
}

const auditOf = ({ items }: Answers, audit: NonNullable<AnnotationOptions['audit']>, seed: number): AnnotationAudit => {
  const plan = planAudit({ ...audit, population: items.length })
  const order = drawSample(items.length, Math.min(mostListed, plan.size), seed)
  return { ...plan, sample: Array.from(order, (i) => items[i]!) }
}

const notesOf = (
  { answers, incomplete, rows }: ReadAnswers,
  counts: AnnotationsResult['counts'],
  agrees: boolean,
): readonly string[] => [
  ...(incomplete > 0 ? [`${incomplete} of ${rows} rows have no item, annotator or label, and were left out`] : []),
  ...(counts.repeated > 0 ? [`${counts.repeated} answers repeat an item for the same annotator: each counts`] : []),
  ...(counts.singleAnswer > 0
    ? [`${counts.singleAnswer} of ${counts.items} items were answered by one annotator: they tell nothing of agreement`]
    : []),
  ...(answers.classes.length === 1 ? ['all answers are the same label: nobody can be told from a spammer'] : []),
  ...(answers.classes.length > 1 && !agrees
    ? ['the answers cannot be told from guesses: there is no crowd to measure an annotator against']
    : []),
]

/**
 * Judges the labels of a table with one answer a row by several annotators: agreement, the consensus of every item, answers
 * that are probably wrong, each annotator's skill, who answers without regard to the item and who colludes, gold questions,
 * and an audit where one is planned. Throws CONFIG_INVALID, DATA_CORRUPT, DATA_LABEL_INVALID, DATA_OUT_OF_RANGE, and what
 * opening and writing files throws.
 */
export const assessAnnotations = async (path: string, options: AnnotationOptions): Promise<AnnotationsResult> => {
  const settings = settingsOf(options)
  const { smoothing, falseDiscoveryRate, seed, level, goldFile } = settings
  const { consensusOut, annotatorsOut } = options
  const { read, format } = await withTable(
    path,
    async (table) => ({ read: await readAnswers(table, settings, goldFile), format: table.format }),
    tableHint,
  )
  const { answers } = read
  const audit = options.audit && auditOf(answers, options.audit, seed)
  const agreement = agreementOf(answers, level, seed)
  const agrees = agreesBeyondChance(answers, seed)
  const method = options.method ?? bearable(answers)
  const everyone = fitRates(method, answers, smoothing)
  const collusions = colluders(answers, everyone, falseDiscoveryRate)
  const voices = oneVoiceEach(answers, collusions.groups)
  const fitted = voices === answers ? everyone : fitRates(method, voices, smoothing)
  const consensus = consensusBy(method, voices, fitted, seed)
  const skills = skillTests(voices, opinionOfOthers(voices, fitted.model), { rate: falseDiscoveryRate, agrees })
  const people = annotatorSummaries(answers, consensus.posterior, skills, collusions)
  const verdicts = (of: SkillVerdict): number => skills.each.filter(({ verdict }) => verdict === of).length
  const accused = {
    spammers: verdicts('spammer'),
    contrary: verdicts('contrary'),
    weak: verdicts('weak'),
    colluding: collusions.groups.reduce((n, group) => n + group.length, 0),
  }
  const { issues, count: issueCount } = issuesOf(answers, consensus.posterior)
  const counts = countsOf(read)
  if (consensusOut !== undefined) await writeConsensus(consensusOut, answers, consensus.posterior)
  if (annotatorsOut !== undefined) await writeAnnotators(annotatorsOut, people)
  const judged = { accused, annotatorCount: people.order.length, agreement, ...(audit && { audit }) }
  const result: AnnotationsResult = {
    schemaVersion: annotationsSchemaVersion,
    kind: 'annotations',
    data: { path, sha256: await fileDigest(path), format },
    settings: { ...settings, method },
    counts,
    classes: classesOf(answers, consensus.posterior),
    consensus: consensusSummary(answers, consensus, method, consensusOut),
    issues,
    issueCount,
    annotators: people.order.slice(0, mostListed).map(people.of),
    ...(annotatorsOut !== undefined && { annotatorsOut }),
    collusion: collusionSummary(answers, collusions),
    ...((settings.gold ?? goldFile) !== undefined && { gold: goldSummary(answers, counts) }),
    ...judged,
    ...verdictOf({ ...judged, told: agrees ? people.order.length - verdicts('cannot-tell') : 0 }),
    notes: [
      ...notesOf(read, counts, agrees),
      ...(voices === answers
        ? []
        : ['annotators who collude count as one voice: of their answers to an item the first counts']),
    ],
  }
  return annotationsResultSchema.parse(result)
}
