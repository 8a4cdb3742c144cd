import type { InputInfo } from '../../contract/index.ts'
import { count } from './format.ts'

/** What changed rows had to keep to, and how changes count: one sentence each. */
export const constraintLines = ({ constraints, budgetRange, units }: InputInfo): readonly string[] => [
  ...(budgetRange ? [`Budgets and distances: ${units}`] : []),
  ...(constraints?.rules ?? []),
  ...(constraints && constraints.outside > 0
    ? [`${count(constraints.outside)} clean rows break the constraints: they were not attacked and do not count`]
    : []),
]
