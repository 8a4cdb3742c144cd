import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { figureSchema } from './figure.ts'
import { sha256Schema } from './subject.ts'

/** Raised when a reader of an older result would misread a newer one. */
export const annotationsSchemaVersion = 1

const count = z.int().nonnegative()
const share = z.number().min(0).max(1)

export const annotationMethodSchema = z.enum(['dawid-skene', 'one-coin', 'glad', 'mace', 'majority'])

/** A coefficient of agreement with its 95 % bootstrap interval over items; null, with the reason, where it is undefined. */
const coefficientSchema = z.strictObject({
  figure: figureSchema.nullable(),
  reason: z.string().optional(),
})

const agreementSchema = z.strictObject({
  level: z.enum(['nominal', 'ordinal', 'interval', 'ratio']),
  krippendorff: coefficientSchema.describe("Krippendorff's alpha: 1 all agree, 0 chance"),
  fleiss: coefficientSchema.describe("Fleiss' kappa"),
  cohen: z
    .array(z.strictObject({ first: z.string(), second: z.string(), items: count, kappa: coefficientSchema }))
    .describe("Cohen's kappa of the pairs with most common items, at most 10"),
  unanimous: figureSchema
    .nullable()
    .describe('share of the items with two answers or more whose answers are all alike'),
  withMajority: share.describe("share of all answers that are their item's majority label"),
  consistency: share.describe("mean probability of the majority label, by the annotators' agreement with it"),
  uncertainty: z.number().nonnegative().describe("mean entropy of an item's answers, in nats"),
})

const annotatorSchema = z.strictObject({
  id: z.string(),
  answers: count,
  accuracy: figureSchema.describe('share of right answers, by the consensus; 95 % interval'),
  aboveChance: z
    .number()
    .nullable()
    .describe('skill between chance, 0, and always what the others believe, 1; null: cannot be told'),
  compared: count.describe('answers to items that others answered too, or whose class is known'),
  pAboveChance: share.describe('p-value of a permutation test: labels have nothing to do with the items'),
  pHalfSkill: share.describe("p-value: half the crowd's skill or more"),
  adjusted: share.describe('that, adjusted over annotators (Benjamini and Hochberg)'),
  verdict: z.enum(['useful', 'weak', 'spammer', 'contrary', 'cannot-tell']),
  gold: figureSchema.nullable().describe('share right of the answers to gold questions, exact 95 % interval'),
  colludesWith: z.array(z.string()).describe('the first 20'),
})

const collusionSchema = z.strictObject({
  first: z.string(),
  second: z.string(),
  common: count.describe('items that both answered, and somebody else too'),
  sameErrors: count.describe("of these, how often both gave one label that the others' answers contradict"),
  expected: z.number().nonnegative().describe('what their error rates let expect'),
  pValue: share,
  adjusted: share,
})

const auditSchema = z.strictObject({
  bound: share.describe('share of wrong labels not to be exceeded'),
  confidence: share,
  tolerated: count.describe('wrong labels that an audit may find and still pass'),
  population: count.optional().describe('labels that are drawn from'),
  size: count.describe('labels to audit'),
  risk: share.describe('chance that such an audit passes although the bound is exceeded, at most'),
  outcome: z
    .strictObject({
      audited: count,
      errors: count,
      share: figureSchema.describe('share of wrong labels, exact 95 % interval'),
      pValue: share.describe('chance to find so few, were the bound exceeded'),
      verdict: z.enum(['passed', 'failed', 'inconclusive']).describe('for an audit whose size was fixed beforehand'),
      anytime: z
        .strictObject({ low: share, high: share, verdict: z.enum(['passed', 'failed', 'go-on']) })
        .describe('holds however often one looks, and whenever one stops'),
      needed: count.describe('labels to audit in all, were no more wrong ones to be found'),
    })
    .optional(),
  sample: z.array(z.string()).optional().describe('items to audit, in this order; the first 1,000'),
})

/** What `bartizan data labels` prints with --json for a table of answers by several annotators. */
export const annotationsResultSchema = z.strictObject({
  schemaVersion: z.literal(annotationsSchemaVersion),
  kind: z.literal('annotations'),
  data: z.strictObject({
    path: z.string(),
    sha256: sha256Schema,
    format: z.enum(['csv', 'tsv', 'jsonl', 'parquet']),
  }),
  settings: z.strictObject({
    item: z.string(),
    annotator: z.string(),
    label: z.string(),
    gold: z.string().optional(),
    goldFile: z.string().optional(),
    level: z.enum(['nominal', 'ordinal', 'interval', 'ratio']),
    method: annotationMethodSchema,
    smoothing: z.number().nonnegative(),
    falseDiscoveryRate: share,
    seed: z.int(),
  }),
  counts: z.strictObject({
    rows: count,
    answers: count,
    incomplete: count.describe('rows without an item, an annotator or a label: left out'),
    repeated: count.describe('answers of one annotator to one item after the first'),
    items: count,
    singleAnswer: count.describe('items that one annotator answered'),
    annotators: count,
    goldItems: count,
    goldAnswers: count,
  }),
  classes: z.array(
    z.strictObject({
      name: z.string(),
      answers: count,
      items: count.describe('items whose consensus it is'),
    }),
  ),
  consensus: z.strictObject({
    method: annotationMethodSchema,
    iterations: count,
    converged: z.boolean(),
    objective: z.number().nullable().describe('log-likelihood of the answers, plus the log-prior where there is one'),
    uncertain: count.describe('items whose label has a probability below 0.9'),
    out: z.string().optional(),
  }),
  issues: z
    .array(
      z.strictObject({
        row: count,
        item: z.string(),
        annotator: z.string(),
        given: z.string(),
        suggested: z.string(),
        score: share.describe('probability that the given label is right'),
      }),
    )
    .describe('answers that are probably wrong, the worst first; the first 1,000'),
  issueCount: count,
  agreement: agreementSchema,
  annotators: z.array(annotatorSchema).describe('accused ones first, then by accuracy; the first 1,000'),
  annotatorCount: count,
  annotatorsOut: z.string().optional(),
  accused: z.strictObject({ spammers: count, contrary: count, weak: count, colluding: count }),
  collusion: z.strictObject({
    comparedPairs: count.describe('pairs with a common item, at most'),
    testedPairs: count.describe('pairs with at least 3 same errors'),
    pairs: z.array(collusionSchema).describe('the first 1,000'),
    pairCount: count,
    groups: z.array(z.array(z.string())).describe('who belongs together'),
  }),
  gold: z
    .strictObject({ items: count, answers: count, accuracy: figureSchema.nullable() })
    .optional()
    .describe('gold questions: items of known class'),
  audit: auditSchema.optional(),
  verdict: z.enum(['passed', 'failed', 'inconclusive']),
  reasons: z.array(z.string()).min(1),
  notes: z.array(z.string()),
})

export type AnnotationMethod = z.infer<typeof annotationMethodSchema>
export type AnnotationCoefficient = DeepReadonly<z.infer<typeof coefficientSchema>>
export type AnnotationAgreement = DeepReadonly<z.infer<typeof agreementSchema>>
export type AnnotatorSummary = DeepReadonly<z.infer<typeof annotatorSchema>>
export type AnnotatorCollusion = DeepReadonly<z.infer<typeof collusionSchema>>
export type AnnotationAudit = DeepReadonly<z.infer<typeof auditSchema>>
export type AnnotationsResult = DeepReadonly<z.infer<typeof annotationsResultSchema>>
