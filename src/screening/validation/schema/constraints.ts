import type { SchemaProblem } from './document.ts'
import type { ColumnType, RangeBound, Rule, Scalar, SchemaPath, Severity, Test, Tests } from './model.ts'
import { isTemporal, temporalText } from './temporal.ts'
import type { TextFormat } from './text-format.ts'

/** What a column's values must be, in no schema language's own words. */
export interface Constraints {
  readonly type?: ColumnType
  readonly format?: TextFormat
  readonly min?: RangeBound
  readonly max?: RangeBound
  readonly above?: RangeBound
  readonly below?: RangeBound
  readonly minLength?: number
  readonly maxLength?: number
  readonly set?: readonly Scalar[]
  readonly regex?: Tests['regex']
  readonly multipleOf?: number
  readonly required?: boolean
  readonly maxMissing?: number
  readonly unique?: boolean
  readonly monotone?: Tests['monotone']
  /** Seconds. */
  readonly maxAge?: number
}

export type ConstraintKey = keyof Constraints

/** Whose constraints they are, and how they are reported. */
export interface ConstraintOwner {
  readonly column: string
  /** Type of the column; a rule doesn't repeat it. */
  readonly type: ColumnType | undefined
  /** Begins the ids of the rules. */
  readonly prefix: string
  readonly where?: string
  readonly severity: Severity
  readonly message?: string
  /** Where the schema file says it. */
  readonly at: (key: ConstraintKey) => SchemaPath
}

const defined = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T

const isAny = (...values: readonly unknown[]): boolean => values.some((value) => value !== undefined)

/** The rules that constraints make, one for each kind of test. */
export const rulesOf = (constraints: Constraints, owner: ConstraintOwner): readonly Rule[] => {
  const { min, max, above, below, minLength, maxLength, set, regex, multipleOf, maxMissing, monotone, maxAge } =
    constraints
  const tests: readonly (readonly [ConstraintKey, Test | false | undefined])[] = [
    ['type', constraints.type && { kind: 'type', type: constraints.type }],
    ['required', constraints.required === true && { kind: 'required' }],
    ['maxMissing', maxMissing !== undefined && { kind: 'missing', atMost: maxMissing }],
    ['format', constraints.format && { kind: 'format', format: constraints.format }],
    [
      isAny(min) ? 'min' : isAny(above) ? 'above' : isAny(max) ? 'max' : 'below',
      isAny(min, max, above, below) && { kind: 'range', ...defined({ min, max, above, below }) },
    ],
    [
      isAny(minLength) ? 'minLength' : 'maxLength',
      isAny(minLength, maxLength) && { kind: 'length', ...defined({ min: minLength, max: maxLength }) },
    ],
    ['set', set && { kind: 'set', values: set }],
    ['regex', regex && { kind: 'regex', ...regex }],
    ['multipleOf', multipleOf !== undefined && { kind: 'multiple', of: multipleOf }],
    ['unique', constraints.unique === true && { kind: 'unique', columns: [owner.column] }],
    ['monotone', monotone && { kind: 'monotone', ...monotone }],
    ['maxAge', maxAge !== undefined && { kind: 'freshness', maxAge }],
  ]
  return tests.flatMap(([key, test]): readonly Rule[] => {
    if (!test) return []
    const { column, prefix, where, severity, message, at } = owner
    return [defined({ id: `${prefix}.${test.kind}`, column, test, where, severity, message, path: at(key) })]
  })
}

const numeric = (type: ColumnType | undefined): boolean => type === 'integer' || type === 'number'

/** What makes constraints unfit for the column's type or impossible to meet: never to be passed over in silence. */
export const constraintProblems = (
  constraints: Constraints,
  { type, where, at }: ConstraintOwner,
): readonly SchemaProblem[] => {
  const problems: SchemaProblem[] = []
  const refuse = (key: ConstraintKey, message: string) => problems.push({ path: at(key), message })
  const given = (key: ConstraintKey) => constraints[key] !== undefined
  const typed = type === undefined ? 'a column without a type' : `a column of type ${type}`
  for (const key of ['min', 'max', 'above', 'below'] as const) {
    const bound = constraints[key]
    if (bound === undefined) continue
    if (numeric(type) ? typeof bound !== 'number' : !isTemporal(type) || temporalText(type, bound) === undefined)
      refuse(key, `a bound ${JSON.stringify(bound)} can't be compared with the values of ${typed}`)
  }
  for (const key of ['format', 'minLength', 'maxLength', 'regex'] as const)
    if (given(key) && type !== undefined && type !== 'string') refuse(key, `it is about text, and this is ${typed}`)
  if (given('multipleOf') && !numeric(type)) refuse('multipleOf', `it is about numbers, and this is ${typed}`)
  if (given('monotone') && (type === undefined || type === 'boolean'))
    refuse('monotone', `the values of ${typed} have no order; give it a type`)
  if (given('maxAge') && type !== 'date' && type !== 'datetime')
    refuse('maxAge', `it is about dates, and this is ${typed}`)
  for (const key of ['maxMissing', 'maxAge'] as const)
    if (given(key) && where !== undefined) refuse(key, 'it is about the whole column, so it goes without where')
  for (const value of constraints.set ?? [])
    if (!fits(type, value)) refuse('set', `${JSON.stringify(value)} can't be a value of ${typed}`)
  problems.push(...emptyRanges(constraints, at))
  return problems
}

const fits = (type: ColumnType | undefined, value: Scalar): boolean => {
  if (type === undefined || type === 'string') return typeof value === 'string' || type === undefined
  if (type === 'boolean') return typeof value === 'boolean'
  if (type === 'integer') return Number.isSafeInteger(value)
  if (type === 'number') return typeof value === 'number'
  return temporalText(type, value) !== undefined
}

const emptyRanges = (
  { min, max, above, below, minLength, maxLength }: Constraints,
  at: ConstraintOwner['at'],
): readonly SchemaProblem[] => {
  const low = min ?? above
  const high = max ?? below
  const isEmpty =
    low !== undefined &&
    high !== undefined &&
    (low > high || (low === high && (above !== undefined || below !== undefined)))
  return [
    ...(isEmpty
      ? [{ path: at(min === undefined ? 'above' : 'min'), message: `no value lies between ${low} and ${high}` }]
      : []),
    ...((minLength ?? 0) > (maxLength ?? Number.POSITIVE_INFINITY)
      ? [{ path: at('minLength'), message: `no text has at least ${minLength} and at most ${maxLength} characters` }]
      : []),
  ]
}
