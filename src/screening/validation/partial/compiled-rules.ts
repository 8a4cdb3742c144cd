import type { ValidationState } from '../../../contract/validation-state.ts'
import type { PlannedTable } from '../plan.ts'
import { schemaOfColumns } from '../relation.ts'
import { compileRule } from '../rules/index.ts'
import type { RuleContext } from '../rules/rule.ts'
import { type IdleRule, rulesOver } from '../rules-over.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import type { RowRule } from './across-columns.ts'

export interface CompiledRules {
  readonly rows: readonly RowRule[]
  readonly tables: readonly PlannedTable[]
  readonly idle: readonly IdleRule[]
}

/** The rules in words and judgements: what their SQL would read is not there. */
export const compiledRules = async (
  schema: LoadedSchema,
  columns: ValidationState['columns'],
  now: number,
): Promise<CompiledRules> => {
  const { checked, idle } = rulesOver(schema, columns)
  let serial = 0
  const context: RuleContext = {
    columns,
    schemaOf: schemaOfColumns(schema.columns),
    now,
    typed: '',
    fresh: (stem) => `bz:${stem}${serial++}`,
    reference: () => Promise.resolve(''),
  }
  const rows: RowRule[] = []
  const tables: PlannedTable[] = []
  for (const rule of checked) {
    const test = await compileRule(rule, context)
    if (test.kind === 'row') rows.push({ rule, test })
    else tables.push({ rule, test })
  }
  return { rows, tables, idle }
}
