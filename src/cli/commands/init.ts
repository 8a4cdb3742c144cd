import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { dataFlag, rowFlags, threadsFlag } from '../flags/common.ts'
import { defaulted, optional, toggle } from '../flags/flag.ts'
import { names, oneOf, text } from '../flags/parse.ts'

const { labels, label, columns, shape } = rowFlags()

export const init = defineCommand({
  name: 'init',
  summary: 'Inspect a model and its data, and write a commented bartizan.yaml',
  arguments: [{ spec: '<model>', help: 'ONNX file of the model' }],
  flags: {
    data: dataFlag(),
    labels,
    label,
    task: defaulted(
      '--task <kind>',
      'what the model predicts: auto (what its graph and the labels say), classification, regression or multi-label',
      oneOf('auto', 'classification', 'regression', 'multi-label'),
      'auto',
    ),
    labelColumns: optional('--label-columns <names>', 'columns to be predicted, in order, with commas between', names),
    columns,
    shape,
    out: defaulted('--out <file>', 'configuration to write', text, 'bartizan.yaml'),
    force: toggle('--force', 'overwrite it'),
    threads: threadsFlag(),
  },
  examples: [
    'bartizan init model.onnx --data rows.parquet --label y',
    'bartizan init model.onnx --data t10k-images-idx3-ubyte',
    'bartizan init prices.onnx --data houses.csv --label price --task regression',
  ],
  async run({ flags, arguments: [model = ''], out }) {
    const [{ initProject }, { initText }] = await Promise.all([
      import('../setup/init-project.ts'),
      import('../text/init-text.ts'),
    ])
    const findings = await initProject({ ...flags, model })
    out.print(initText(flags, findings, out.width))
    await out.json({ config: flags.out, ...findings })
    return exitCodes.passed
  },
})
