import { figure } from '../../assessment/report/format.ts'
import type { OutputKind } from '../../contract/index.ts'
import type { Predictions } from '../work/predictions.ts'
import { counted } from './fields.ts'

export interface PredictResult extends Predictions {
  readonly model: string
  readonly output: string
  readonly outputKind: OutputKind
  readonly saved?: string
}

/** What `bartizan predict` prints. */
export const predictionsText = ({ rows, width, accuracy, counts, output, outputKind, saved }: PredictResult): string =>
  [
    `${counted(rows, 'row')} through output "${output}" (${outputKind})`,
    ...(counts.length === 0
      ? []
      : [
          accuracy === undefined
            ? 'accuracy: not measured, since the rows have no labels'
            : `accuracy ${figure(accuracy)}`,
          `predicted: ${counts.map((count, label) => `${label}: ${count}`).join(', ')}`,
        ]),
    ...(saved === undefined ? [] : [`scores, float32 [${rows}, ${width}]: ${saved}`]),
  ].join('\n')
