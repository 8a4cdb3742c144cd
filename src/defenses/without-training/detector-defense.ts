import type { FoundOutput } from '../../models/outputs.ts'
import { type AnyDefense, defineDefense } from '../../threat/defense.ts'
import type { AnyDetector } from '../../threat/detector.ts'
import { fitDetector, withDetector } from '../detectors/index.ts'
import { withOpened } from './opened.ts'
import { storeAsSet } from './store-as-set.ts'

const rate = 'false-positive-rate'

/** A detector of adversarial inputs, fitted on the training rows and put into the model as one more output. */
export const detectorDefense = (detector: AnyDetector): AnyDefense =>
  defineDefense({
    id: `detector-${detector.id}`,
    title: `Detector: ${detector.title.charAt(0).toLowerCase()}${detector.title.slice(1)}`,
    reference: detector.reference,
    holds:
      'Flags rows and leaves every answer as it is. An attacker who knows the detector goes for model and detector ' +
      'together, and most detectors fall to that (Carlini and Wagner 2017, arXiv:1705.07263): judge by such an attack only.',
    aim: 'detection',
    parameters: {
      ...detector.parameters,
      [rate]: { kind: 'number', default: 0.05, min: 0, max: 1, help: 'share of clean rows that may be flagged' },
    },
    run: (context, { [rate]: falsePositiveRate, ...parameters }) =>
      withOpened(context, async (model) => {
        const { source, training, validation, low, high, seed } = context
        const { dims } = model.input
        const { detector: fitted, calibration } = await fitDetector({
          model,
          detector,
          parameters,
          training: storeAsSet(training, dims, 'the training rows'),
          heldOut: storeAsSet(validation, dims, 'the validation rows'),
          falsePositiveRate: Number(falsePositiveRate),
          low,
          high,
          seed,
          progress: (done) => context.progress({ stage: `fitting ${detector.id}`, done }),
        })
        const { threshold, falsePositiveRate: measured } = calibration
        const percent = (share: number): string => `${(100 * share).toPrecision(3)} %`
        return {
          model: withDetector(source, {
            detector: fitted,
            id: detector.id,
            threshold,
            dims,
            output: declared(model.output),
            preprocessing: model.preprocessing,
          }),
          epochs: [],
          notes: [
            `Rows with a score above ${threshold.toPrecision(5)} are flagged: ${percent(measured.value)} of ${measured.n} ` +
              `clean validation rows (95 % interval ${percent(measured.low)} to ${percent(measured.high)}).`,
          ],
        }
      }),
  })

/** What the model was opened with, as far as it makes a difference: whether its scores are read as probabilities. */
const declared = ({ kind, tap }: FoundOutput): 'auto' | 'logits' | 'probabilities' => {
  if (tap !== undefined) return 'auto'
  return kind === 'probabilities' || kind === 'binary-probability' ? 'probabilities' : 'logits'
}
