import { exitCodes } from '../../base/errors.ts'
import { biasMetricSchema } from '../../contract/bias-result.ts'
import { defineCommand } from '../command.ts'
import { projectFlag } from '../flags/common.ts'
import { defaulted, optional, repeated, required } from '../flags/flag.ts'
import { amount, assignment, names, oneOf, positiveNumber, share, text } from '../flags/parse.ts'

export const dataBias = defineCommand({
  name: 'data bias',
  summary: 'Compare groups in a table: labels, predictions, proxies; reweigh or resample the rows',
  arguments: [{ spec: '<file>', help: 'CSV, TSV, JSONL or Parquet file' }],
  flags: {
    protected: required('--protected <names>', 'protected columns, with commas between', names),
    bins: repeated('--bins <column=edges>', 'groups of a column of numbers, e.g. age=18,30,45', assignment),
    label: optional('--label <column>', 'column of the labels', text),
    positive: repeated('--positive <value>', 'label that counts as positive (default 1)', text),
    predictions: optional('--predictions <column>', 'column of predicted labels', text),
    scores: optional('--scores <column>', 'column of probabilities of the positive label', text),
    threshold: defaulted('--threshold <p>', 'scores from it on are positive, without --predictions', share, '0.5'),
    reference: optional('--reference <file>', 'shares that the groups should have, YAML or CSV', text),
    privileged: repeated('--privileged <column=value>', 'group to compare with (default: the largest)', assignment),
    judge: optional('--judge <metrics>', 'metrics that decide the verdict, with commas between', names),
    ignore: optional('--ignore <names>', 'columns to leave alone, such as a row number', names),
    maxGap: defaulted('--max-gap <gap>', 'largest difference of rates that passes', amount, '0.1'),
    minGroup: defaulted('--min-group <n>', 'fewest rows that a group needs', positiveNumber, '30'),
    proxySkill: defaulted('--proxy-skill <s>', 'skill from which a column is a proxy, 0 to 1', share, '0.2'),
    reweigh: optional('--reweigh <file>', 'write the rows with weights (.csv, .parquet)', text),
    weightColumn: defaulted('--weight-column <name>', 'column for the weights', text, 'weight'),
    resample: optional('--resample <file>', 'write resampled rows (.csv, .parquet)', text),
    sampling: defaulted(
      '--sampling <way>',
      'uniform, or preferential: rows near the border of the scores first',
      oneOf('uniform', 'preferential'),
      'uniform',
    ),
    project: projectFlag(),
  },
  examples: [
    'bartizan data bias loans.parquet --protected sex,age --bins age=25,45,65 --label approved',
    'bartizan data bias scored.csv --protected sex --label y --scores p --max-gap 0.05',
    'bartizan data bias loans.csv --protected sex --label approved --reweigh weighted.csv',
  ],
  usesSeed: true,
  async run({ flags, arguments: [file = ''], seed, out }) {
    const [{ checkedBias }, { biasText }] = await Promise.all([
      import('../work/bias-checking.ts'),
      import('../text/bias-text.ts'),
    ])
    const judge = flags.judge?.map((name) => oneOf(...biasMetricSchema.options)(name, '--judge'))
    const result = await checkedBias(file, { ...flags, judge, seed })
    out.print(biasText(result, out.width))
    await out.json(result)
    return result.verdict === 'passed' ? exitCodes.passed : exitCodes.failed
  },
})
