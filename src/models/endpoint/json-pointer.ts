/**
 * The value at a JSON pointer (RFC 6901), with one addition: the segment `*` stands for every element of a list, and
 * gives a list. Undefined where there is nothing.
 */
export const valueAt = (value: unknown, pointer: string): unknown => follow(value, segments(pointer))

const segments = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))

const follow = (value: unknown, [segment, ...rest]: readonly string[]): unknown => {
  if (segment === undefined) return value
  if (Array.isArray(value)) {
    if (segment === '*') return value.map((element: unknown) => follow(element, rest))
    return /^(0|[1-9]\d*)$/.test(segment) ? follow(value[Number(segment)], rest) : undefined
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined
  return follow((value as Readonly<Record<string, unknown>>)[segment], rest)
}
