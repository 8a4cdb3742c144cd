import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { threadsFlag } from '../flags/common.ts'
import { defaulted, toggle } from '../flags/flag.ts'
import { text } from '../flags/parse.ts'

export const dataInfer = defineCommand({
  name: 'data infer',
  summary: 'Write a commented schema from a trusted sample, for a person to review',
  arguments: [{ spec: '<file>', help: 'table, folder of images or arrays known to be good' }],
  flags: {
    out: defaulted('--out <file.yaml>', 'schema to write', text, 'schema.yaml'),
    force: toggle('--force', 'overwrite it'),
    threads: threadsFlag(),
  },
  examples: ['bartizan data infer trusted.parquet --out schema.yaml'],
  async run({ flags, arguments: [file = ''], out }) {
    const [{ runInference }, { inferenceText }] = await Promise.all([
      import('../work/validation-inference.ts'),
      import('../text/validation-text.ts'),
    ])
    const inferred = await runInference(file, flags)
    out.print(inferenceText(inferred))
    await out.json(inferred)
    return exitCodes.passed
  },
})
