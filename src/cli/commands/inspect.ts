import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { optional } from '../flags/flag.ts'
import { shape } from '../flags/parse.ts'

export const inspect = defineCommand({
  name: 'inspect',
  summary: 'Show what a model file holds: inputs, outputs, operators, and whether it can be differentiated',
  arguments: [{ spec: '<file>', help: 'ONNX file' }],
  flags: {
    shape: optional('--shape <sizes>', 'shape of one row, e.g. 3,224,224, where the file leaves it open', shape),
  },
  examples: ['bartizan inspect model.onnx', 'bartizan inspect model.onnx --json -'],
  async run({ flags, arguments: [file = ''], out }) {
    const [{ inspectModel }, { inspectionText }] = await Promise.all([
      import('../work/inspection.ts'),
      import('../text/inspection-text.ts'),
    ])
    const inspection = await inspectModel(file, flags.shape)
    out.print(inspectionText(inspection, out.width))
    await out.json(inspection)
    return exitCodes.passed
  },
})
