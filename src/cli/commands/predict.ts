import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { dataFlag, modelFlag, rowFlags, threadsFlag } from '../flags/common.ts'
import { optional } from '../flags/flag.ts'
import { range, text } from '../flags/parse.ts'

export const predict = defineCommand({
  name: 'predict',
  summary: 'Run a model on rows: the scores as it gives them, and the accuracy where the rows have labels',
  flags: {
    model: modelFlag(),
    data: dataFlag(),
    ...rowFlags(),
    range: optional('--range <low,high>', 'a value outside it is an error', range),
    save: optional('--save <file.npy>', 'float32 [rows, classes]', text),
    threads: threadsFlag(),
  },
  examples: ['bartizan predict --model model.onnx --data rows.npy --rows 0:256 --save scores.npy'],
  async run({ flags, out }) {
    const [{ subjectFromFlags }, { predictRows }, { predictionsText }] = await Promise.all([
      import('../work/subject.ts'),
      import('../work/predictions.ts'),
      import('../text/predictions-text.ts'),
    ])
    const subject = await subjectFromFlags({ ...flags, range: flags.range ?? [0, 1] })
    try {
      out.progress.start('predict')
      const { range, save } = flags
      const predictions = await predictRows(subject, { range, save, progress: out.progress.update })
      out.progress.end(`${predictions.rows} rows`)
      const { name, kind } = subject.model.output
      const result = {
        model: flags.model,
        ...predictions,
        output: name,
        outputKind: kind,
        ...(save && { saved: save }),
      }
      out.print(predictionsText(result))
      await out.json(result)
      return exitCodes.passed
    } finally {
      await subject.close()
    }
  },
})
