import { attacks } from '../../attacks/index.ts'
import type { ProbeRecord } from '../probe-record.ts'
import { ofStandingRows } from '../standing.ts'
import { type Checked, checked, followsGradients, percent, weakByDesign } from './checked.ts'

const check = { id: 'iteration-helps', title: 'Many steps do no worse than one' }

/**
 * More steps must not do worse than one from the same rows. Attacks that look for the smallest change don't spend the
 * budget as one step does, and are not compared. Measured: the robust accuracy that the steps take away.
 */
export const checkIteration = (records: readonly ProbeRecord[]): readonly Checked[] =>
  records
    .filter(
      (record) =>
        followsGradients(record) &&
        !weakByDesign(record) &&
        !ofStandingRows(record) &&
        !attacks.get(record.attack)?.minimal,
    )
    .flatMap((many) => {
      const single = records.find(
        ({ attack, norm, epsilon, result }) =>
          attack === 'fgsm' && norm === many.norm && epsilon === many.epsilon && result.rows === many.result.rows,
      )
      if (!single) return []
      const lost = single.result.robustAccuracy.value - many.result.robustAccuracy.value
      const fired = lost < -1 / many.result.rows
      const { steps } = many.params
      const figures = `one gradient step left ${percent(single.result.robustAccuracy.value)} robust, ${typeof steps === 'number' ? `${steps} steps` : many.attack} ${percent(many.result.robustAccuracy.value)}`
      const message = fired ? `${figures}: the loss surface misleads the attack` : figures
      return [checked(many.id, check, { flag: 'iteration-does-not-help', fired, measured: lost, message })]
    })
