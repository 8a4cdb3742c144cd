import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { threadsFlag } from '../flags/common.ts'
import { defaulted, optional, required, toggle } from '../flags/flag.ts'
import { names, text } from '../flags/parse.ts'

export const dataValidate = defineCommand({
  name: 'data validate',
  summary: 'Check a table, images or arrays against a schema; keep what is at fault apart; sign the result',
  arguments: [
    {
      spec: '<files...>',
      help: 'CSV, TSV, JSONL, Parquet, folder of images, npy, npz or IDX; with --merge the states of all parts in order',
    },
  ],
  flags: {
    schema: required('--schema <file>', 'YAML of ours, JSON Schema 2020-12 or Frictionless Table Schema', text),
    partial: optional(
      '--partial <file.state>',
      'also keep what the merge with other parts of the data set needs',
      text,
    ),
    merge: toggle('--merge', 'merge the states of parts into the result of the whole'),
    reference: optional('--reference <file>', 'trusted table: the distributions are compared with it', text),
    columns: optional('--columns <names>', 'columns to compare, with commas between (default all)', names),
    target: optional('--target <column>', 'the column of labels, compared class by class', text),
    quarantine: optional(
      '--quarantine <file>',
      'all rows at fault with number and reasons: .parquet, .csv, .tsv, .jsonl',
      text,
    ),
    passed: optional('--passed <file>', 'the other rows, in the same formats', text),
    report: optional('--report <file.html>', 'the result as one HTML file', text),
    junit: optional('--junit <file.xml>', 'the result as JUnit XML', text),
    attest: toggle('--attest', 'sign the result as an in-toto test-result, in .bartizan of --project'),
    project: defaulted('--project <folder>', 'folder of the evidence; reported paths start from it', text, '.'),
    now: optional('--now <time>', 'what freshness is judged by, in ISO 8601 (default: the clock)', text),
    threads: threadsFlag(),
  },
  examples: [
    'bartizan data validate orders.parquet --schema orders.yaml',
    'bartizan data validate new.csv --schema schema.yaml --quarantine bad.csv --passed good.csv --attest',
    'bartizan data validate monday.parquet --schema orders.yaml --partial monday.state',
    'bartizan data validate --merge monday.state tuesday.state --schema orders.yaml --attest',
  ],
  async run({ flags, arguments: files, out }) {
    const [{ validate }, { validationText }] = await Promise.all([
      import('../work/validation-merge.ts'),
      import('../text/validation-text.ts'),
    ])
    const validation = await validate(
      files.filter((file) => file !== undefined),
      flags,
    )
    out.print(validationText(validation, out.width))
    await out.json(validation)
    return validation.verdict === 'passed' ? exitCodes.passed : exitCodes.failed
  },
})
