import { BartizanError, exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { dataFlag, modelFlag, rowFlags, threadsFlag } from '../flags/common.ts'
import { defaulted, required } from '../flags/flag.ts'
import { oneOf, targetClass, text } from '../flags/parse.ts'

export const gradient = defineCommand({
  name: 'gradient',
  summary:
    'Differentiate a loss: for each row of input (at the embedding where rows are token ids), or for the weights',
  flags: {
    model: modelFlag(),
    data: dataFlag(),
    ...rowFlags(),
    loss: defaulted(
      '--loss <name>',
      'cross-entropy, margin, dlr, targeted-cross-entropy or targeted-dlr',
      oneOf('cross-entropy', 'margin', 'dlr', 'targeted-cross-entropy', 'targeted-dlr'),
      'cross-entropy',
    ),
    targets: defaulted(
      '--targets <class>',
      'of targeted losses: a class, or "next" after the label',
      targetClass,
      'next',
    ),
    of: defaulted(
      '--of <what>',
      'input: of each row’s own loss; weights: of the mean loss',
      oneOf('input', 'weights'),
      'input',
    ),
    save: required('--save <file>', 'npy for the input, npz (an array a weight) for the weights', text),
    threads: threadsFlag(),
  },
  examples: [
    'bartizan gradient --model model.onnx --data rows.npy --labels y.npy --save g.npy',
    'bartizan gradient --model model.onnx --data rows.npy --labels y.npy --of weights --save g.npz',
  ],
  async run({ flags, out }) {
    const { loss, targets, save } = flags
    if (flags.of === 'weights' && (flags.mean || flags.std))
      throw new BartizanError(
        'USAGE',
        '--of weights takes the rows as the model wants them, without --mean and --std',
        {
          hint: 'store the normalised rows',
        },
      )
    const [{ subjectFromFlags, demandClasses, demandLabels }, { gradientText, weightGradientText }] = await Promise.all(
      [import('../work/subject.ts'), import('../text/gradient-text.ts')],
    )
    const subject = await subjectFromFlags({ ...flags, range: [0, 1] })
    const options = { loss, targets, save, progress: out.progress.update }
    try {
      demandClasses(subject.model, 'bartizan gradient')
      demandLabels(subject, 'a loss needs them')
      out.progress.start('gradient')
      if (flags.of === 'weights') {
        const { weightGradients } = await import('../work/weight-gradients.ts')
        const result = { loss, of: 'weights', ...(await weightGradients(subject, options)), saved: save }
        out.progress.end(`${result.rows} rows`)
        out.print(weightGradientText(result, out.width))
        await out.json(result)
      } else {
        const { inputGradients } = await import('../work/input-gradients.ts')
        const result = { loss, ...(await inputGradients(subject, options)), saved: save }
        out.progress.end(`${result.rows} rows`)
        out.print(gradientText(result))
        await out.json(result)
      }
      return exitCodes.passed
    } finally {
      await subject.close()
    }
  },
})
