import { attacks } from '../attacks/index.ts'
import type { Curve, Norm } from '../contract/index.ts'
import { largestChange } from '../threat/norm.ts'
import { attackData } from './attack-run.ts'
import type { ProbeOptions } from './run-probe.ts'

/** Rows that a curve is measured on, and its points between 0 and the largest budget. */
const curveRows = 256
const curvePoints = 6

/** Accuracy against the budget under short PGD, from 0 past the largest budget to the whole range of the input. */
export const robustnessCurve = async (
  norm: Norm,
  largest: number,
  { subject, store, seed, progress }: ProbeOptions,
): Promise<Curve> => {
  const name = `curve-${norm}`
  const kept = await store.load<Curve>(name)
  if (kept) return kept
  const { model, set, input } = subject
  const [low, high] = input.range
  const [least, widest] = input.budgetRange ?? input.range
  const rows = Math.min(curveRows, set.rows)
  const budgets = [
    ...Array.from({ length: curvePoints }, (_, i) => (largest * (i + 1)) / (curvePoints - 1)),
    largestChange(norm, widest - least, model.size),
  ]
  const points: Curve['points'][number][] = []
  for (const [i, epsilon] of budgets.entries()) {
    const run = await attackData({
      set,
      model,
      task: subject.task,
      constraints: subject.constraints,
      units: subject.units,
      attack: attacks.get('pgd')!,
      norm,
      epsilon,
      low,
      high,
      levels: input.levels,
      parameters: { steps: 10, ...(model.random && { eot: 10, 'early-stop': false }) },
      seed,
      rows,
      progress: (done) => progress((i + done) / budgets.length),
      onChunk: async () => {},
    })
    if (points.length === 0) points.push({ epsilon: 0, accuracy: run.cleanAccuracy })
    points.push({ epsilon, accuracy: run.robustAccuracy })
  }
  const curve: Curve = { norm, attack: 'pgd', points }
  await store.save(name, curve)
  return curve
}
