import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { defaulted, optional, required, toggle } from '../flags/flag.ts'
import { names, positiveNumber, share, text } from '../flags/parse.ts'

export const dataCompare = defineCommand({
  name: 'data compare',
  summary: 'Compare a table with a trusted reference: distributions, categories, missing cells, labels, leakage',
  flags: {
    reference: required('--reference <file>', 'trusted table: CSV, TSV, JSONL or Parquet', text),
    current: required('--current <file>', 'table to check', text),
    target: optional('--target <column>', 'column of the labels', text),
    columns: optional('--columns <names>', 'columns to compare, with commas between (default all)', names),
    categorical: optional('--categorical <names>', 'columns of numbers that are codes', names),
    ignore: optional('--ignore <names>', 'columns that do not count when rows are compared, e.g. an id', names),
    time: optional('--time <column>', 'time: rows of --current should be newer than all of --reference', text),
    duplicates: toggle('--duplicates', 'also look for rows of --current that repeat, or contradict in the label'),
    leakage: toggle('--leakage', 'also look for rows of --reference (training) in --current (test)'),
    fdr: defaulted('--fdr <q>', 'false discovery rate over all tests', share, '0.05'),
    sample: defaulted('--sample <n>', 'rows at most whose numbers are compared', positiveNumber, '100000'),
  },
  examples: [
    'bartizan data compare --reference trusted.parquet --current new.parquet --target label',
    'bartizan data compare --reference train.csv --current test.csv --target y --leakage --time created',
  ],
  usesSeed: true,
  async run({ flags, seed, out }) {
    const [{ compareData }, { comparisonText }] = await Promise.all([
      import('../work/comparing.ts'),
      import('../text/comparison-text.ts'),
    ])
    const result = await compareData(flags, seed ?? 0)
    out.print(comparisonText(result, out.width))
    await out.json(result)
    return result.verdict === 'passed' ? exitCodes.passed : exitCodes.failed
  },
})
