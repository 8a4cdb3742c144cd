import { BartizanError } from '../../base/errors.ts'
import { isObject, nested } from './answer-json.ts'
import { valueAt } from './json-pointer.ts'
import type { MakeProtocol } from './protocol.ts'

/** Any JSON request: "$rows" in the template becomes the list of rows, "$row" the only row of a request. */
export const jsonTemplate: MakeProtocol = (config, url) => {
  const { request, scores, labels } = config
  const [all, single] = [count(request, '$rows'), count(request, '$row')]
  if (all + single !== 1)
    throw new BartizanError(
      'CONFIG_INVALID',
      `the request template has ${all + single} places for rows; it needs one`,
      {
        hint: 'write "$rows" where the list of rows goes, or "$row" where one row goes (then a request carries one row)',
      },
    )
  const pointer = scores ?? labels ?? ''
  return {
    url,
    place: `"${pointer}"`,
    ...(single === 1 && { most: 1 }),
    readMetadata: () => ({}),
    body: ({ values, rows, dims }) =>
      single === 1
        ? filled(request, '$row', nested(values, dims))
        : filled(request, '$rows', nested(values, [rows, ...dims])),
    items: (answer) => {
      const found = valueAt(answer, pointer)
      if (found === undefined) return undefined
      if (single === 1) {
        // One row's answer, or a list of one such.
        const wrapped = Array.isArray(found) && found.length === 1 && (Array.isArray(found[0]) || labels !== undefined)
        return wrapped ? found : [found]
      }
      return Array.isArray(found) ? found : undefined
    },
  }
}

const count = (template: unknown, place: string): number => {
  if (template === place) return 1
  const inner = Array.isArray(template) ? template : isObject(template) ? Object.values(template) : []
  return inner.reduce((sum: number, part: unknown) => sum + count(part, place), 0)
}

const filled = (template: unknown, place: string, value: unknown): unknown => {
  if (template === place) return value
  if (Array.isArray(template)) return template.map((part: unknown) => filled(part, place, value))
  if (!isObject(template)) return template
  return Object.fromEntries(Object.entries(template).map(([key, part]) => [key, filled(part, place, value)]))
}
