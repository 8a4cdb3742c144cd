import type { CalibrationSummary, Latencies, ModelMeasurement } from '../../contract/index.ts'
import { calibrationOf } from '../../stats/index.ts'
import { targetOf } from '../../threat/target.ts'
import { footprint } from '../footprint.ts'
import { measureDetector } from './detector.ts'
import type { MeasureRequest } from './measure-request.ts'
import { measureRobustness } from './robustness.ts'

export interface Measured {
  readonly measurement: ModelMeasurement
  readonly latency: Latencies
}

/** Everything that the table of before and after compares, of one model. */
export const measureModel = async (request: MeasureRequest): Promise<Measured> => {
  const { model, rows, attacked, progress, epsilons, threads } = request
  progress.start('clean rows')
  const scored = await scoresOf(request)
  const calibration = calibrationOf(scored)
  progress.end(`accuracy ${(100 * calibration.accuracy.value).toFixed(1)} %`)
  const few = await rows.read(0, Math.min(64, rows.rows))
  const { size, timing } = await footprint(model, few.x, { threads, calls: 30, limit: 1000 })
  const subject = { model, set: attacked, input: request.input, close: async () => {} }
  const robustness =
    epsilons.length > 0
      ? await measureRobustness({ ...request, ...progress, subject, progress: progress.update })
      : undefined
  const detection = epsilons.length > 0 ? await measureDetector(request) : undefined
  return {
    measurement: {
      clean: calibration.accuracy,
      calibration: summaryOf(calibration),
      size,
      ...(robustness && { robustness }),
      ...(detection && { detection }),
    },
    latency: timing,
  }
}

const rowsAtOnce = 256

const scoresOf = async ({ model, rows, progress }: MeasureRequest) => {
  const target = targetOf(model, 'scores')
  const logits = new Float32Array(rows.rows * model.classes)
  const labels = new Int32Array(rows.rows)
  for await (const batch of rows.batches(rowsAtOnce)) {
    logits.set(await target.logits(batch.x as Float32Array, batch.rows), batch.from * model.classes)
    labels.set(batch.y!, batch.from)
    progress.update((batch.from + batch.rows) / rows.rows)
  }
  return { logits, labels, classes: model.classes }
}

const summaryOf = ({
  confidence,
  expectedError,
  brier,
  logLoss,
}: ReturnType<typeof calibrationOf>): CalibrationSummary => ({ confidence, expectedError, brier, logLoss })
