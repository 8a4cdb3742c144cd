import { targetOf } from '../../threat/target.ts'
import type { ProbeRecord } from '../probe-record.ts'
import type { Subject } from '../subject.ts'
import { type Checked, checked, followsGradients, percent } from './checked.ts'

const check = { id: 'same-answer-twice', title: 'Rows that are asked twice get the same answer' }

/** Differences of outputs that are rounding: their share of the value, and of one for small values. */
const rounding = 1e-6

/** Of the first rows, the share whose outputs differ when they are asked again. */
export const shareThatChanges = async ({ model, set }: Pick<Subject, 'model' | 'set'>): Promise<number> => {
  const { x, rows } = await set.read(0, Math.min(64, set.rows))
  if (rows === 0) return 0
  const target = targetOf(model, 'gradients')
  const [first, second] = [await target.logits(x as Float32Array, rows), await target.logits(x as Float32Array, rows)]
  const differs = (value: number, i: number): boolean =>
    !Object.is(value, second[i]!) && !(Math.abs(value - second[i]!) <= rounding * Math.max(1, Math.abs(value)))
  const changed = new Set<number>()
  for (const [i, value] of first.entries()) if (differs(value, i)) changed.add(Math.floor(i / model.classes))
  return changed.size / rows
}

/**
 * A model that draws random numbers is judged by one draw, and its gradients are of one draw unless the attack averages
 * over several (expectation over transformations, Athalye et al. 2018, arXiv:1802.00420): its parameter `eot` says so.
 * Attacks that ask for scores or labels compare answers of single draws; they are told of where there is a difference.
 */
export const checkSameAnswer = (share: number, records: readonly ProbeRecord[]): readonly Checked[] =>
  records
    .filter((record) => followsGradients(record) || (share > 0 && record.access !== 'nothing'))
    .map((record) => {
      const fired = share > 0
      const message = fired
        ? `${percent(share)} of the rows get other outputs when they are asked again: each row was judged by one draw; ${adaptedTo(record)}`
        : 'no row gets other outputs when it is asked again'
      return checked(record.id, check, { flag: 'randomised-model', fired, measured: share, message })
    })

const adaptedTo = (record: ProbeRecord): string => {
  const { attack, params } = record
  if (!followsGradients(record)) return `${attack} compares answers of single draws`
  const draws = typeof params.eot === 'number' ? params.eot : 1
  return draws > 1
    ? `${attack} averages gradients over ${draws} draws in each step`
    : `${attack} follows the gradient of a single draw: --set eot=10 averages over ten where an attack has it`
}
