/**
 * JSON as model servers write it: Python's NaN and Infinity, which are no JSON, read as null. Undefined where it is no
 * JSON at all.
 */
export const parseAnswer = (text: string): { readonly value: unknown } | undefined =>
  parsed(text) ??
  parsed(text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) => (found[0] === '"' ? found : 'null')))

const parsed = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member of an object; undefined where there is none. */
export const member = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined

/** The elements of nested lists in order. */
export const flattened = (value: unknown): readonly unknown[] =>
  Array.isArray(value) && value.some(Array.isArray) ? value.flat(8) : Array.isArray(value) ? value : [value]

/** Row-major numbers as nested lists of a shape. */
export const nested = (values: ArrayLike<number>, dims: readonly number[]): unknown => {
  const at = (depth: number, from: number, size: number): unknown => {
    if (depth === dims.length) return values[from]
    const inner = size / dims[depth]!
    return Array.from({ length: dims[depth]! }, (_, i) => at(depth + 1, from + i * inner, inner))
  }
  return at(0, 0, values.length)
}
