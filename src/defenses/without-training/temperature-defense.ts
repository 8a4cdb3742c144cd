import { BartizanError } from '../../base/errors.ts'
import { defineDefense } from '../../threat/defense.ts'
import { temperatureScaling } from '../temperature/temperature-scaling.ts'
import { drawnRows } from '../training/validation.ts'
import { withOpened } from './opened.ts'

/** Temperature scaling, fitted on the validation rows. */
export const temperatureDefense = defineDefense({
  id: 'temperature-scaling',
  title: 'Temperature scaling: confidence that can be believed',
  reference: 'Guo et al. 2017, arXiv:1706.04599',
  holds:
    'Mends confidence on rows like those it was fitted on, not robustness: every decision stays, and attacks are ' +
    'rescaled only.',
  aim: 'calibration',
  parameters: {
    rows: {
      kind: 'integer',
      default: 5000,
      min: 1,
      help: 'validation rows that the temperature is fitted on, at most',
    },
  },
  run: (context, { rows: wanted }) =>
    withOpened(context, async (model) => {
      if (context.validation.rows === 0)
        throw new BartizanError('USAGE', 'there are no validation rows to fit a temperature on', {
          hint: 'hold out a share of the training rows',
        })
      const rows = await drawnRows(context.validation, wanted, context.seed)
      const scaled = await temperatureScaling(model, rows)
      const [value, low, high] = [scaled.temperature.value, scaled.temperature.low, scaled.temperature.high].map(
        (number) => number.toPrecision(3),
      )
      const note = `The logits are divided by ${value} (95 % interval ${low} to ${high}, fitted on ${rows.labels.length} rows).`
      return { model: scaled.model, epochs: [], notes: [note] }
    }),
})
