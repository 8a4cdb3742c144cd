import type { Curve } from '../contract/index.ts'
import { isNorm } from '../threat/norm.ts'
import type { threatNorms } from './battery.ts'
import { robustnessCurve } from './curves.ts'
import { type Checked, followsGradients } from './diagnostics/checked.ts'
import { checkAnswers, checkCurve, checkGradients, checkRecords } from './diagnostics/run-checks.ts'
import type { ProbeRecord } from './probe-record.ts'
import type { Progress } from './progress.ts'
import { percent } from './report/format.ts'
import type { ProbeOptions } from './run-probe.ts'

/** Accuracy against the budget in each norm, and every check of the attacks that rests on it or on the records. */
export const curvesAndChecks = async (
  norms: ReturnType<typeof threatNorms>,
  records: readonly ProbeRecord[],
  run: ProbeOptions,
  progress: Progress,
): Promise<{ curves: Curve[]; checks: readonly Checked[] }> => {
  const checks: Checked[] = [...checkRecords(records)]
  const curves: Curve[] = []
  if (!records.some(followsGradients))
    return { curves, checks: [...checks, ...(await checkAnswers(run.subject, records))] }
  progress.start('gradients')
  const gradients = await checkGradients(run.subject, records)
  checks.push(...gradients.checks)
  progress.end(`${percent(1 - gradients.share)} of the rows have one`)
  for (const { norm, epsilon } of norms) {
    if (norm === 'l0' || !isNorm(norm)) continue
    progress.start(`curve in ${norm}`)
    const curve = await robustnessCurve(norm, Math.max(...epsilon), run)
    curves.push({ ...curve, points: curve.points.slice(0, -1) })
    checks.push(...checkCurve(curve, run.subject, records))
    progress.end(`${curve.points.length} budgets`)
  }
  return { curves, checks }
}
