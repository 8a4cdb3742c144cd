import type { Curve } from '../../contract/index.ts'
import type { ProbeRecord } from '../probe-record.ts'
import type { Subject } from '../subject.ts'
import { type Checked, followsGradients } from './checked.ts'
import { checkMonotone, checkWholeRange } from './curve.ts'
import { checkEstimatedGradients } from './estimated-gradients.ts'
import { checkIteration } from './iteration.ts'
import { checkSameAnswer, shareThatChanges } from './randomised.ts'
import { checkBlackBox, checkTransfer } from './stronger.ts'
import { checkZeroGradients, shareWithoutGradient } from './zero-gradients.ts'

/** What the records say of one another. */
export const checkRecords = (records: readonly ProbeRecord[]): readonly Checked[] => [
  ...checkIteration(records),
  ...checkBlackBox(records),
  ...checkTransfer(records),
]

/**
 * Whether the model of a file gives the same answer twice, where no attack follows its gradients; an endpoint's rows are
 * asked twice by themselves.
 */
export const checkAnswers = async (subject: Subject, records: readonly ProbeRecord[]): Promise<readonly Checked[]> =>
  subject.file && records.some(({ access }) => access !== 'nothing')
    ? checkSameAnswer(await shareThatChanges(subject), records)
    : []

/** What the model says of its gradients. `share`: of the rows without one. */
export const checkGradients = async (
  subject: Subject,
  records: readonly ProbeRecord[],
): Promise<{ readonly share: number; readonly checks: readonly Checked[] }> => {
  const share = await shareWithoutGradient(subject)
  return {
    share,
    checks: [
      ...checkZeroGradients(share, records),
      ...(subject.file ? checkEstimatedGradients(subject.file.model.graph, records) : []),
      ...checkSameAnswer(await shareThatChanges(subject), records),
    ],
  }
}

/**
 * What the curve of a norm says of its probes. It is one measurement: every probe shows it, and only the last, the
 * strongest, is flagged.
 */
export const checkCurve = (
  curve: Curve,
  { model, task, constraints }: Subject,
  records: readonly ProbeRecord[],
): readonly Checked[] => {
  const probes = records.filter((record) => followsGradients(record) && record.norm === curve.norm).map(({ id }) => id)
  // Only classes can be guessed: nothing says how far other predictions must move in the end.
  // Nor is every change allowed under constraints.
  const guessed = !constraints && (task?.kind ?? 'classification') === 'classification'
  const checks = [...(guessed ? checkWholeRange(curve, model.classes, probes) : []), ...checkMonotone(curve, probes)]
  return checks.map((one) => (one.probe === probes.at(-1) ? one : { ...one, flags: [] }))
}
