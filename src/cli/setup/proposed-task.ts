import type { Task, TaskKind } from '../../contract/index.ts'
import type { DataSet } from '../../data/index.ts'
import { classification } from '../../threat/goal/judge.ts'

/**
 * When a row counts as broken, to begin with: any label that is turned; a number that moves by half the standard
 * deviation of what is to be predicted, since nothing else is known of what does harm.
 */
export const proposedTask = async (
  kind: TaskKind,
  set: DataSet,
  [from, to]: readonly [number, number],
): Promise<Task> => {
  if (kind === 'classification') return classification
  if (kind === 'multi-label') return { kind, flips: 1 }
  const { numbers } = await set.read(from, to)
  return { kind, tolerance: halfDeviation(numbers ?? new Float32Array()), relative: 0, direction: 'either' }
}

/** Two significant digits: a tolerance is a choice, not a measurement. */
const halfDeviation = (values: Float32Array): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return Number((Math.sqrt(variance) / 2).toPrecision(2)) || 1
}
