import type { DetectionSummary } from '../../contract/index.ts'
import { detectorIn } from '../../defenses/detectors/index.ts'
import { attackNamed } from '../battery.ts'
import { measureDetection } from '../detection.ts'
import type { MeasureRequest } from './measure-request.ts'

/** Model and detector together, at every budget; undefined where the file has no detector. */
export const measureDetector = async ({
  model,
  attacked,
  input,
  norm,
  epsilons,
  seed,
  progress,
}: MeasureRequest): Promise<DetectionSummary | undefined> => {
  const deployed = detectorIn(model.source)
  if (!deployed) return undefined
  const points: DetectionSummary['points'][number][] = []
  let rates: Pick<DetectionSummary, 'falsePositiveRate' | 'acceptedAccuracy'> | undefined
  for (const epsilon of epsilons) {
    progress.start(`model and detector at ${epsilon}`)
    const [low, high] = input.range
    const { undefended, plain, adaptive, ...clean } = await measureDetection({
      ...{ model, norm, epsilon, low, high, seed },
      set: attacked,
      detector: deployed.detector,
      threshold: deployed.threshold,
      attack: attackNamed('pgd'),
      parameters: { steps: 40 },
      progress: progress.update,
    })
    rates ??= { falsePositiveRate: clean.falsePositiveRate, acceptedAccuracy: clean.acceptedAccuracy }
    points.push({
      epsilon,
      auc: plain.auc,
      undefended,
      plain: plain.robustAccuracy,
      ...(adaptive.ran ? { adaptive: adaptive.robustAccuracy } : { reason: adaptive.reason }),
    })
    progress.end(adaptive.ran ? `${(100 * adaptive.robustAccuracy.value).toFixed(1)} % right or flagged` : 'not run')
  }
  return rates && { detector: deployed.id, threshold: deployed.threshold, ...rates, points }
}
