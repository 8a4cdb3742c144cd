import { shapeOfFitted, sizeOfPatch } from '../attacks/evasion/universal/fitted.ts'
import { sha256 } from '../base/canonical-json.ts'
import type { Fitted, Queries, Task } from '../contract/index.ts'
import { encode } from '../data/dtype.ts'
import { type Batch, checkRange, type DataSet } from '../data/index.ts'
import type { AttackRequest } from '../threat/attack-request.ts'
import { rowsToFit } from '../threat/fitting.ts'
import { distances } from '../threat/norm.ts'
import { resolveParameters } from '../threat/parameters.ts'
import { gatherRows, rowsWhere } from '../threat/rows.ts'
import { fitAttack } from '../threat/runner.ts'
import { chooseTargets, type TargetChoice } from './attack-targets.ts'

/** What is applied to every row, and the rows of the set that it was made from. */
export interface FitRun {
  readonly values: Float32Array
  /** Rows that it was made from and that are not judged. */
  readonly apart: ReadonlySet<number>
  /** Absent where it was given. */
  readonly made?: { readonly fitRows: number; readonly shownRows: number; readonly queries: Queries }
}

type FitRequest = Omit<AttackRequest, 'x' | 'labels' | 'targets' | 'numbers' | 'firstRow' | 'apart' | 'progress'> & {
  readonly set: DataSet
  readonly task: Task
  readonly targets?: TargetChoice
}

/** Makes what an attack applies to every row from some of the first `rows` rows; nothing for attacks that make none. */
export const fitOnRows = async (request: FitRequest, rows: number): Promise<FitRun | undefined> => {
  const { attack, model, set, task, fitted, seed = 0, targets, low, high } = request
  if (!attack.fit) return undefined
  if (fitted) return { values: fitted, apart: new Set() }
  const parameters = resolveParameters(attack.id, attack.parameters, request.parameters)
  const { chosen, apart } = rowsToFit(attack.id, rows, parameters, seed)
  const x = new Float32Array(chosen.length * model.size)
  const labels = new Int32Array(chosen.length)
  const numbers: number[] = []
  const wanted = new Set(chosen)
  let filled = 0
  for await (const batch of set.batches(rowsAtOnce, { to: rows })) {
    if (filled === chosen.length) break
    const own = rowsWhere(batch.rows, (row) => wanted.has(batch.from + row))
    if (own.length === 0) continue
    checkRange(set, batch, low, high)
    x.set(gatherRows(floats(batch), own, model.size), filled * model.size)
    if (batch.y) labels.set(gatherRows(batch.y, own, 1), filled)
    if (batch.numbers) numbers.push(...gatherRows(batch.numbers, own, batch.numbers.length / batch.rows))
    filled += own.length
  }
  const goal =
    task.kind === 'classification' ? chooseTargets(targets, labels, model.classes) : { labels, targets: undefined }
  const fit = await fitAttack({
    ...request,
    x,
    labels: goal.labels,
    targets: goal.targets,
    numbers: numbers.length > 0 ? Float32Array.from(numbers) : undefined,
  })
  return (
    fit && { values: fit.values, apart, made: { fitRows: chosen.length, shownRows: fit.shown, queries: fit.queries } }
  )
}

const rowsAtOnce = 256

const floats = ({ x }: Batch): Float32Array => (x instanceof Float32Array ? x : new Float32Array(x.length))

/** What it is, how large, and on which rows it was made and judged. */
export const describeFit = (
  { attack, model, epsilon }: Pick<AttackRequest, 'attack' | 'model' | 'epsilon'>,
  { values, made, apart }: FitRun,
  judgedRows: number,
): Fitted => {
  const dims = model.input.dims
  const kind = attack.makes ?? 'perturbation'
  const zeros = new Float32Array(values.length)
  const norms = () => {
    const [linf = 0] = distances('linf', values, zeros, values.length)
    const [l2 = 0] = distances('l2', values, zeros, values.length)
    return { linf, l2 }
  }
  return {
    kind,
    sha256: sha256(encode(values)),
    shape: [...shapeOfFitted({ attack, dims }, values)],
    lowest: values.length === 0 ? null : values.reduce((a, b) => Math.min(a, b)),
    highest: values.length === 0 ? null : values.reduce((a, b) => Math.max(a, b)),
    ...(kind === 'patch' ? sizeOfPatch({ dims, epsilon }) : { norms: norms() }),
    ...(made && { fitRows: made.fitRows, shownRows: made.shownRows }),
    judgedRows,
    ...(made && { overlap: apart.size > 0 ? 0 : made.fitRows, queries: made.queries }),
  }
}
