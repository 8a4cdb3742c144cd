import { registry } from '../../base/registry.ts'
import * as elementwise from './elementwise.ts'
import * as reduction from './reduction.ts'
import type { ShapeRule } from './rule.ts'

const families = [elementwise, reduction]

const rules: readonly ShapeRule[] = families.flatMap((family) => Object.values(family) as ShapeRule[])

/** Shape rules by operator, `domain:operator` outside ai.onnx. */
export const shapeRules: ReadonlyMap<string, ShapeRule> = registry('shape rule', rules, ({ op, domain }) =>
  [op].flat().map((name) => (domain ? `${domain}:${name}` : name)),
)
