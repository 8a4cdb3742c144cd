/**
 * What stands on the unpickler's stack, as far as it decides what is imported, what is called and how long a raw array
 * is. Strings are kept as the offset of their instruction, so that memory doesn't grow with the text.
 */
export type Value = StringLiteral | Mark | Other | Import | Instance | Tuple | Whole | Bytes | Dict

/** Offset of the instruction that pushes it. */
type StringLiteral = number

interface Mark {
  readonly kind: 'mark'
}

/** Whatever else: numbers, lists, results that don't matter. */
interface Other {
  readonly kind: 'other'
}

export interface Import {
  readonly kind: 'import'
  /** Undefined where the names are computed. */
  readonly module: string | undefined
  readonly name: string
}

export interface Instance {
  readonly kind: 'instance'
  readonly of: Import
  readonly args?: Value
  state?: Value
}

export interface Tuple {
  readonly kind: 'tuple'
  readonly items: readonly Value[]
}

interface Whole {
  readonly kind: 'whole'
  readonly value: number
}

export interface Bytes {
  readonly kind: 'bytes'
  readonly start: number
  readonly end: number
}

export interface Dict {
  readonly kind: 'dict'
  /** Only of small dictionaries: key, value. */
  readonly entries: (readonly [Value, Value])[]
}

export const mark: Value = { kind: 'mark' }
export const other: Value = { kind: 'other' }

const small: readonly Value[] = Array.from({ length: 256 }, (_, value) => ({ kind: 'whole', value }))
export const whole = (value: number): Value => small[value] ?? { kind: 'whole', value }

const longestTuple = 8
const emptyTuple: Value = { kind: 'tuple', items: [] }
const tupleOfOne: Value = { kind: 'tuple', items: [other] }

/** A tuple whose items matter; long ones don't. */
export const tupleOf = (items: readonly Value[]): Value => {
  if (items.length === 0) return emptyTuple
  if (items.length === 1 && items[0] === other) return tupleOfOne
  return items.length > longestTuple || items.every((item) => item === other) ? other : { kind: 'tuple', items }
}

export const isKind = <K extends Exclude<Value, number>['kind']>(
  value: Value | undefined,
  kind: K,
): value is Extract<Exclude<Value, number>, { readonly kind: K }> => typeof value === 'object' && value.kind === kind

export const qualifiedName = ({ module, name }: Import): string => `${module ?? '?'}.${name}`
