import { registry } from '../../../base/registry.ts'
import type { Dims } from '../../types.ts'
import type { Known, ShapeRequest } from '../rule.ts'
import * as arithmetic from './arithmetic.ts'
import * as creation from './creation.ts'
import * as movement from './movement.ts'
import { isStatic, smallSize, type ValueRule, valuesOf, withValues } from './rule.ts'

const families: readonly Readonly<Record<string, ValueRule>>[] = [arithmetic, creation, movement]

const valueRules: ReadonlyMap<string, ValueRule> = registry(
  'value rule',
  families.flatMap(Object.values),
  ({ op }) => op,
)

/** Adds to the types of a node's outputs what its elements are, where they follow from those of its inputs. */
export const withElements = (request: ShapeRequest, types: readonly Known[]): readonly Known[] => {
  const { node, inputs } = request
  const rule = node.domain === '' ? valueRules.get(node.op) : undefined
  const isSmall = (type: Known): type is Known & { dims: readonly number[] } =>
    isStatic(type.dims) && type.dims.reduce((size, dim) => size * dim, 1) <= smallSize
  const lists: readonly (Dims | undefined)[] = types.map(({ elements }) => elements)
  const complete = () => types.map((type, i) => (lists[i] ? withValues(type, lists[i]) : type))
  if (!rule || types.length === 0 || !types.every(isSmall)) return complete()
  const values = inputs.map((input) => input && valuesOf(input))
  if (values.some((value, i) => inputs[i] && !value)) return complete()
  const required = rule.required === 'all' ? Math.max(1, inputs.length) : (rule.required ?? 1)
  if (values.slice(0, required).filter(Boolean).length < required) return complete()
  const results = rule.evaluate({ request, inputs: values, outputs: types })
  return types.map((type, i) => (results[i] ? withValues(type, results[i]) : type))
}
