import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { dataFlag, rowFlags, threadsFlag } from '../flags/common.ts'
import { defaulted, toggle } from '../flags/flag.ts'
import { text } from '../flags/parse.ts'

const { labels, label, columns, shape } = rowFlags()

export const init = defineCommand({
  name: 'init',
  summary: 'Inspect a model and its data, and write a commented bartizan.yaml',
  arguments: [{ spec: '<model>', help: 'ONNX file of the classifier' }],
  flags: {
    data: dataFlag(),
    labels,
    label,
    columns,
    shape,
    out: defaulted('--out <file>', 'configuration to write', text, 'bartizan.yaml'),
    force: toggle('--force', 'overwrite it'),
    threads: threadsFlag(),
  },
  examples: [
    'bartizan init model.onnx --data rows.parquet --label y',
    'bartizan init model.onnx --data t10k-images-idx3-ubyte',
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
