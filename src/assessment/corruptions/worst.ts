import type { Gate, GateConfig } from '../../contract/index.ts'
import type { ProbeRecord } from '../probe-record.ts'
import { isCorruption } from './summary.ts'

/** The corruption that decided a gate on a severity: the one with the lowest accuracy at it. */
export const worstCorruption = (
  { norm, epsilon, attack, metric }: GateConfig,
  records: readonly ProbeRecord[],
): Gate['corruption'] => {
  if (norm !== 'severity' || (metric !== 'robust-accuracy' && metric !== 'robust-share')) return undefined
  const judged = records.filter(
    (record) =>
      isCorruption(record) &&
      (epsilon === undefined || record.epsilon === epsilon) &&
      (attack === undefined || record.attack === attack),
  )
  if (judged.length === 0) return undefined
  const lowest = judged.reduce((a, b) => (b.result.robustAccuracy.value < a.result.robustAccuracy.value ? b : a))
  return { attack: lowest.attack, severity: lowest.epsilon, accuracy: lowest.result.robustAccuracy }
}
