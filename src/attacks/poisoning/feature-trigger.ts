import { definePoisonAttack, type TriggerContext } from '../../threat/poisoning.ts'
import { gatherRows } from '../../threat/rows.ts'
import { chosenRows } from './rows/chosen-rows.ts'
import { poisonedCopy } from './rows/poisoned-copy.ts'
import { type ColumnValue, columnTrigger } from './trigger/column-trigger.ts'

/**
 * A backdoor in a table: rare but possible values in a few columns of rows of other classes, and the label of the target.
 * With constraints, every poisoned or triggered row keeps them; a row that can't carry the trigger stays as it is.
 */
export const featureTrigger = definePoisonAttack({
  id: 'feature-trigger',
  title: 'Backdoor on feature values: rare values in a few columns, and the label of the target',
  reference: 'Gu et al. 2017, arXiv:1708.06733, on columns; Severi et al. 2021, arXiv:2003.01031',
  aim: 'backdoor',
  domain: 'tables',
  parameters: {
    features: { kind: 'integer', default: 3, min: 1, help: 'columns that the trigger sets' },
    quantile: { kind: 'number', default: 0.99, min: 0, max: 1, help: 'quantile of a column whose value it gets' },
  },
  async poison(context, { features, quantile }) {
    const { x, labels, size, target } = context
    const columns = columnTrigger(context, features, quantile)
    const able = chosenRows(
      context,
      (row) =>
        labels[row] !== target && carried(context, x.subarray(row * size, (row + 1) * size), columns) !== undefined,
    )
    return {
      ...poisonedCopy(context, able, {
        x: withTrigger(context, gatherRows(x, able, size), columns),
        label: () => target,
      }),
      notes: [
        `Columns of the trigger: ${columns.map(({ feature, value }) => `${feature} = ${value}`).join(', ') || 'none'}.`,
      ],
    }
  },
  trigger: (context, x, { features, quantile }) => withTrigger(context, x, columnTrigger(context, features, quantile)),
})

const withTrigger = (context: TriggerContext, x: Float32Array, columns: readonly ColumnValue[]): Float32Array => {
  const { size } = context
  const result = x.slice()
  for (let from = 0; from < x.length; from += size) {
    const row = carried(context, x.subarray(from, from + size), columns)
    if (row) result.set(row, from)
  }
  return result
}

/** A row with the trigger on it, brought into the constraints; undefined where it can't keep them. */
const carried = (
  { constraints }: TriggerContext,
  clean: Float32Array,
  columns: readonly ColumnValue[],
): Float32Array | undefined => {
  if (columns.length === 0) return undefined
  const row = clean.slice()
  for (const { feature, value } of columns) row[feature] = value
  if (!constraints) return row
  const repaired = constraints.repair(clean, row)
  return constraints.violations(clean, repaired).length === 0 ? repaired : undefined
}
