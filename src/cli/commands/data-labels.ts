import { BartizanError, exitCodes } from '../../base/errors.ts'
import { annotationMethodSchema } from '../../contract/annotations.ts'
import { labelFilterSchema, labelScoreSchema } from '../../contract/labels.ts'
import { defineCommand } from '../command.ts'
import { projectFlag, rowFlags, threadsFlag } from '../flags/common.ts'
import { defaulted, optional, repeated, toggle } from '../flags/flag.ts'
import { amount, assignment, names, oneOf, positiveNumber, share, text, wholeNumber } from '../flags/parse.ts'

const filters = labelFilterSchema.options
const scores = labelScoreSchema.options

export const dataLabels = defineCommand({
  name: 'data labels',
  summary: 'Find wrong labels: by confident learning, or by the answers of several annotators',
  arguments: [{ spec: '[file]', help: 'labelled rows; a table of answers with --annotator' }],
  flags: {
    ...rowFlags(),
    probabilities: optional('--probabilities <file>', 'class probabilities out of fold: npy, npz or table', text),
    classes: optional('--classes <names>', 'class names in the order of the probabilities', names),
    model: optional('--model <file>', 'ONNX file whose graph is trained anew, fold by fold', text),
    architecture: optional('--architecture <layers>', 'in place of --model: mnist-cnn, mlp, logistic, or layers', text),
    folds: defaulted('--folds <n>', 'folds of the cross-validation', positiveNumber, '5'),
    set: repeated('--set <key=value>', 'part of the recipe, such as epochs=10 or learning-rate=0.001', assignment),
    filter: defaulted(
      '--filter <name>',
      `which labels count as wrong: ${filters.slice(0, 4).join(', ')}, …`,
      oneOf(...filters),
      filters[0],
    ),
    score: defaulted('--score <name>', `what ranks them: ${scores.join(', ')}`, oneOf(...scores), scores[0]),
    adjust: toggle('--adjust', 'scores by probabilities less what the model usually gives the class'),
    atMost: optional('--at-most <share>', 'exit with 1 where more of the labels are held to be wrong', share),
    save: optional('--save <file.csv>', 'write every issue: row, given, suggested, score', text),
    saveProbabilities: optional('--save-probabilities <file.npy>', 'write the out-of-fold probabilities', text),
    annotations: optional('--annotations <file>', 'table of answers, one a row, in place of the file', text),
    item: optional('--item <column>', 'column of the item (default item)', text),
    annotator: optional('--annotator <column>', 'column of who answered (default annotator)', text),
    gold: optional('--gold <column>', 'column of the known answer, empty where there is none', text),
    goldFile: optional('--gold-file <file>', 'table of known answers: item and label', text),
    level: optional(
      '--level <kind>',
      'how answers differ: nominal, ordinal, interval or ratio',
      oneOf('nominal', 'ordinal', 'interval', 'ratio'),
    ),
    method: optional(
      '--method <name>',
      `consensus: ${annotationMethodSchema.options.join(', ')}`,
      oneOf(...annotationMethodSchema.options),
    ),
    smoothing: optional('--smoothing <n>', 'answers that each annotator is given beforehand', amount),
    consensus: optional('--consensus <file.csv>', 'write the label of every item', text),
    annotatorsOut: optional('--save-annotators <file.csv>', 'write what was found of every annotator', text),
    auditBound: optional('--audit-bound <share>', 'plan an audit: the share of wrong labels not to be exceeded', share),
    auditConfidence: optional('--audit-confidence <share>', 'confidence of the audit (default 0.95)', share),
    audited: optional('--audited <n>', 'labels that were audited', wholeNumber),
    auditErrors: optional('--audit-errors <n>', 'wrong ones among them', wholeNumber),
    project: projectFlag(),
    threads: threadsFlag(),
  },
  usesSeed: true,
  examples: [
    'bartizan data labels images.idx --labels labels.idx --architecture mnist-cnn --save issues.csv',
    'bartizan data labels rows.csv --label y --at-most 0.02',
    'bartizan data labels rows.csv --label y --probabilities p.npy --json labels.json',
    'bartizan data labels --annotations answers.csv --item item --annotator worker --label answer',
  ],
  async run({ flags, arguments: [file], seed = 0, out }) {
    const { annotations, annotator } = flags
    if (annotations !== undefined || annotator !== undefined) {
      const [{ checkAnnotations }, { annotationsText }] = await Promise.all([
        import('../work/annotating.ts'),
        import('../text/annotations-text.ts'),
      ])
      const result = await checkAnnotations(file, { ...flags, seed })
      out.print(annotationsText(result, out.width))
      await out.json(result)
      return result.verdict === 'passed' ? exitCodes.passed : exitCodes.failed
    }
    if (file === undefined) throw new BartizanError('USAGE', 'there is no file of labelled rows')
    const [{ checkLabels }, { labelsText }] = await Promise.all([
      import('../work/labelling.ts'),
      import('../text/labels-text.ts'),
    ])
    const result = await checkLabels(file, { ...flags, seed }, out)
    out.print(labelsText(result, out.width))
    await out.json(result)
    return result.verdict === 'failed' ? exitCodes.failed : exitCodes.passed
  },
})
