import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { projectFlag, rowFlags, threadsFlag } from '../flags/common.ts'
import { defaulted, optional } from '../flags/flag.ts'
import { names, share, text } from '../flags/parse.ts'

const { rows: _, ...feeding } = rowFlags()

export const dataScreen = defineCommand({
  name: 'data screen',
  summary: 'Screen labelled rows for poison and outliers; set aside what is found, and let people decide',
  arguments: [{ spec: '<file>', help: 'rows: IDX, npy, npz, CSV, TSV, JSONL, Parquet or a folder of images' }],
  flags: {
    model: optional('--model <file>', 'ONNX file of the model that learned from these rows', text),
    checkpoints: optional('--checkpoints <files>', 'earlier states of the model, with commas between', names),
    ...feeding,
    sources: optional('--sources <column>', 'column, or file with one line a row, that says where a row is from', text),
    trusted: optional('--trusted <file>', 'clean rows that you vouch for, in the same format', text),
    trustedLabels: optional('--trusted-labels <file>', 'their labels', text),
    screens: defaulted('--screens <names>', 'poison, outliers, all, or names with commas between', names, 'poison'),
    fdr: defaulted('--fdr <q>', 'false discovery rate that each screen controls', share, '0.05'),
    quarantine: optional('--quarantine <file>', 'flagged rows: .csv or .tsv of tables, .npz of arrays', text),
    passed: optional('--passed <file>', 'the other rows, in the same formats', text),
    review: optional('--review <file.csv>', 'each flagged row with scores, picture and a column for a decision', text),
    decisions: optional('--decisions <file.csv>', 'such a file with keep or remove in that column', text),
    by: optional('--by <name>', 'who decided; recorded', text),
    report: optional('--report <file.html>', 'the result as one HTML file, with pictures of what was found', text),
    project: projectFlag(),
    threads: threadsFlag(),
  },
  examples: [
    'bartizan data screen train.npz --label y --model model.onnx --review review.csv --report screen.html',
    'bartizan data screen train.csv --label y --sources supplier --quarantine bad.csv --passed good.csv',
    'bartizan data screen train.csv --label y --decisions review.csv --by "A. Reviewer" --passed good.csv',
  ],
  usesSeed: true,
  async run({ flags, arguments: [data = ''], seed, out }) {
    const [{ screenData }, { screeningText }] = await Promise.all([
      import('../work/screening.ts'),
      import('../text/screening-text.ts'),
    ])
    const result = await screenData({ ...flags, data }, seed ?? 0, () => undefined)
    out.print(screeningText(result, out.width))
    await out.json(result)
    return result.verdict === 'nothing found' ? exitCodes.passed : exitCodes.failed
  },
})
