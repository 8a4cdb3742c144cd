import { BartizanError } from '../base/errors.ts'
import { stream } from '../base/random.ts'
import type { Classifier } from '../models/classifier.ts'
import type { AnyAttack } from './attack.ts'
import { distances, type Norm, tolerance } from './norm.ts'
import { type AnyParameters, resolveParameters } from './parameters.ts'
import { argmaxRows, type Queries, targetOf } from './target.ts'

export interface AttackRequest {
  readonly attack: AnyAttack
  readonly model: Classifier
  /** Clean rows, row-major, in the declared range. */
  readonly x: Float32Array
  readonly labels: Int32Array
  readonly targets?: Int32Array
  readonly norm: Norm
  readonly epsilon: number
  readonly low: number
  readonly high: number
  readonly parameters?: AnyParameters
  readonly seed?: number
  /** Number of the first row within the data set: random numbers are keyed by it. */
  readonly firstRow?: number
  readonly progress?: (done: number) => void
}

/** What came of an attack, judged by predicting every candidate again. */
export interface AttackOutcome {
  readonly adversarial: Float32Array
  /** Predicted classes before and after. */
  readonly clean: Int32Array
  readonly after: Int32Array
  /** Right before, and wrong (or at its target) after, within budget and range. */
  readonly broken: readonly boolean[]
  /** Size of each row's perturbation, in the attack's norm. */
  readonly distances: Float64Array
  /** Rows whose candidate left the budget, held a NaN or made the model answer with NaN: they count as not broken. */
  readonly refused: readonly number[]
  readonly queries: Queries
  readonly parameters: AnyParameters
}

/**
 * Runs an attack on the rows that are classified right, then judges its candidates: clipped to the range, checked
 * against the budget with no more slack than float32 rounding, and predicted again.
 */
export const runAttack = async (request: AttackRequest): Promise<AttackOutcome> => {
  const {
    attack,
    model,
    x,
    labels,
    targets,
    norm,
    epsilon,
    low,
    high,
    seed = 0,
    firstRow = 0,
    progress = () => {},
  } = request
  const parameters = resolveParameters(attack.id, attack.parameters, request.parameters)
  const rows = labels.length
  checkRequest(request, rows)
  const judge = targetOf(model, 'scores')
  const clean = argmaxRows(await judge.logits(x, rows), model.classes)
  const target = targetOf(model, attack.access)
  const attacked = Int32Array.from([...clean.keys()].filter((row) => clean[row] === labels[row]))
  const adversarial = x.slice()
  const unjudged = new Set<number>()
  if (attacked.length > 0) {
    const pick = (values: Int32Array) => attacked.map((row) => values[row]!)
    const candidates = await attack.run(
      {
        target,
        x0: rowsOf(x, attacked, model.size),
        rows: attacked.length,
        size: model.size,
        labels: pick(labels),
        targets: targets && pick(targets),
        norm,
        epsilon,
        low,
        high,
        random: (row, ...key) => stream(seed, attack.id, firstRow + attacked[row]!, ...key),
        progress,
      },
      parameters,
    )
    if (candidates.length !== attacked.length * model.size)
      throw new BartizanError('INTERNAL', `${attack.id} returned ${candidates.length} values for its rows`)
    for (const [i, row] of attacked.entries()) {
      const candidate = candidates.subarray(i * model.size, (i + 1) * model.size)
      if (hasNaN(candidate)) unjudged.add(row)
      else
        for (const [j, v] of candidate.entries()) adversarial[row * model.size + j] = Math.min(Math.max(v, low), high)
    }
  }
  const logits = await judge.logits(adversarial, rows)
  for (const row of attacked)
    if (hasNaN(logits.subarray(row * model.classes, (row + 1) * model.classes))) unjudged.add(row)
  const after = argmaxRows(logits, model.classes)
  const sizes = distances(norm, adversarial, x, model.size)
  const slack = tolerance(norm, epsilon, model.size, Math.max(Math.abs(low), Math.abs(high)))
  const within = (row: number): boolean => sizes[row]! <= epsilon + slack && !unjudged.has(row)
  const fooled = (row: number): boolean => (targets ? after[row] === targets[row] : after[row] !== labels[row])
  const rowNumbers = [...labels.keys()]
  return {
    adversarial,
    clean,
    after,
    broken: rowNumbers.map((row) => clean[row] === labels[row] && fooled(row) && within(row)),
    distances: sizes,
    refused: rowNumbers.filter((row) => !within(row)),
    queries: target.queries,
    parameters,
  }
}

const hasNaN = (values: Float32Array): boolean => values.some((value) => Number.isNaN(value))

const checkRequest = ({ attack, model, norm, epsilon, x }: AttackRequest, rows: number): void => {
  if (!attack.norms.includes(norm))
    throw new BartizanError('ATTACK_NOT_APPLICABLE', `${attack.id} does not work in ${norm}`, {
      hint: `it works in ${attack.norms.join(', ')}`,
    })
  if (!(epsilon >= 0)) throw new BartizanError('USAGE', `the budget epsilon is ${epsilon}; it can't be negative`)
  if (x.length !== rows * model.size)
    throw new BartizanError('DATA_SHAPE_MISMATCH', `${x.length} values for ${rows} rows of ${model.size}`)
  if (attack.access === 'gradients' && !model.differentiable.ok)
    throw new BartizanError('GRAPH_OP_UNSUPPORTED', `${attack.id} needs gradients: ${model.differentiable.reason}`, {
      hint: 'score- and decision-based attacks still run: square, hopskipjump',
    })
}

const rowsOf = (x: Float32Array, rows: Int32Array, size: number): Float32Array => {
  const result = new Float32Array(rows.length * size)
  for (const [i, row] of rows.entries()) result.set(x.subarray(row * size, (row + 1) * size), i * size)
  return result
}
