import type { Rule, TestKind } from '../schema/model.ts'
import { columns } from './column-set.ts'
import { foreign } from './foreign.ts'
import { format } from './format.ts'
import { freshness } from './freshness.ts'
import { length } from './length.ts'
import { missing } from './missing.ts'
import { monotone } from './monotone.ts'
import { multiple } from './multiple.ts'
import { range } from './range.ts'
import { regex } from './regex.ts'
import { required } from './required.ts'
import { rows } from './row-count.ts'
import type { Compile, CompiledTest, RuleContext, RuleOf } from './rule.ts'
import { set } from './set.ts'
import { sql } from './sql.ts'
import { type } from './type.ts'
import { unique } from './unique.ts'

const kinds: { readonly [K in TestKind]: Compile<K> } = {
  type,
  format,
  range,
  length,
  set,
  regex,
  multiple,
  required,
  missing,
  unique,
  foreign,
  monotone,
  sql,
  freshness,
  rows,
  columns,
}

const compileKind = async <K extends TestKind>(kind: K, rule: RuleOf<K>, context: RuleContext): Promise<CompiledTest> =>
  kinds[kind](rule, context)

/** A rule as SQL and sentences. */
export const compileRule = (rule: Rule, context: RuleContext): Promise<CompiledTest> =>
  compileKind(rule.test.kind, rule, context)
