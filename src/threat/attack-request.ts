import { BartizanError } from '../base/errors.ts'
import type { Task } from '../contract/task.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import type { Classifier } from '../models/classifier.ts'
import { needTrees } from '../models/trees/index.ts'
import { showsLabelsOnly } from './access.ts'
import type { AnyAttack } from './attack.ts'
import type { Constraints } from './constraints/constraints.ts'
import type { Units } from './constraints/units.ts'
import { misfit, taskMisfit } from './domain.ts'
import { classification } from './goal/judge.ts'
import type { Measure } from './norm.ts'
import type { AnyParameters } from './parameters.ts'

export interface AttackRequest {
  readonly attack: AnyAttack
  readonly model: AttackedModel
  /** Clean rows, row-major, in the declared range. */
  readonly x: Float32Array
  /** Class of each row; zeros where the model is no classifier. */
  readonly labels: Int32Array
  readonly targets?: Int32Array
  /** What the model predicts and when a row is broken. Default: classes. */
  readonly task?: Task
  /** True numbers or 0/1 labels, [rows, outputs], where the model is no classifier. */
  readonly numbers?: Float32Array
  readonly norm: Measure
  readonly epsilon: number
  readonly low: number
  readonly high: number
  readonly parameters?: AnyParameters
  readonly seed?: number
  /** Number of the first row within the data set: random numbers are keyed by it. */
  readonly firstRow?: number
  /** Rows that are not to be attacked. */
  readonly skip?: (row: number) => boolean
  /** Numbers that a value can be stored as: candidates are rounded to them before they count. */
  readonly levels?: number
  /** What a candidate must keep to besides range and budget; rows that break it when clean are not attacked. */
  readonly constraints?: Constraints
  /** What budgets are measured in, where that isn't the input's own unit; with the same model, fed in them. */
  readonly units?: UnitsRequest
  /** Models of the attacker's own, which it may use as it likes. */
  readonly surrogates?: readonly Classifier[]
  /** What the attack's `fit` made of other rows; where it is missing, it is made of these. */
  readonly fitted?: Float32Array
  readonly progress?: (done: number) => void
}

/** Other units of each feature, and the same models fed in them. */
export interface UnitsRequest extends Units {
  readonly model: AttackedModel
  readonly surrogates?: readonly Classifier[]
}

/** Throws where an attack can't be run so: ATTACK_NOT_APPLICABLE, USAGE, DATA_SHAPE_MISMATCH, GRAPH_OP_UNSUPPORTED. */
export const checkRequest = (
  { attack, model, norm, epsilon, x, surrogates, targets, numbers, task = classification }: AttackRequest,
  rows: number,
): void => {
  if (!attack.norms.includes(norm))
    throw new BartizanError('ATTACK_NOT_APPLICABLE', `${attack.id} does not work in ${norm}`, {
      hint: `it works in ${attack.norms.join(', ')}`,
    })
  const unfit = misfit(attack.domain ?? 'any', model.input.dims) ?? taskMisfit(attack.tasks, task.kind)
  if (unfit !== undefined) throw new BartizanError('ATTACK_NOT_APPLICABLE', `${attack.id}: ${unfit}`)
  if (attack.domain === 'trees') needTrees(model)
  if (attack.transfers && !surrogates?.length)
    throw new BartizanError('ATTACK_NOT_APPLICABLE', `${attack.id} needs a model of the attacker's own`, {
      hint: 'name one or more ONNX files: threat.surrogates in bartizan.yaml, or --surrogate',
    })
  if (task.kind !== 'classification' && targets)
    throw new BartizanError('USAGE', 'only classes can be targets, and this model gives no classes')
  if (task.kind === 'multi-label' && numbers?.length !== rows * model.classes)
    throw new BartizanError(
      'DATA_SHAPE_MISMATCH',
      `${numbers?.length ?? 0} labels for ${rows} rows of ${model.classes}`,
    )
  if (!(epsilon >= 0)) throw new BartizanError('USAGE', `the budget epsilon is ${epsilon}; it can't be negative`)
  if (x.length !== rows * model.size)
    throw new BartizanError('DATA_SHAPE_MISMATCH', `${x.length} values for ${rows} rows of ${model.size}`)
  if (attack.access === 'scores' && showsLabelsOnly(model))
    throw new BartizanError('ATTACK_NOT_APPLICABLE', `${attack.id} needs scores, and the model gives labels only`, {
      hint: 'attacks on labels work: hopskipjump',
    })
  if (attack.access === 'gradients' && !model.differentiable.ok)
    throw new BartizanError('GRAPH_OP_UNSUPPORTED', `${attack.id} needs gradients: ${model.differentiable.reason}`, {
      hint: 'score- and decision-based attacks still run: square, hopskipjump',
    })
}
