import { BartizanError } from '../../base/errors.ts'
import type { EndpointConfig } from '../../contract/endpoint.ts'
import type { OutputKind } from '../../contract/subject.ts'
import { isObject } from './answer-json.ts'

/** How answers are read, settled once, on the first. */
export interface Reading {
  readonly kind: OutputKind
  readonly classes: number
  /** Names in order, where labels or scores come by name. */
  readonly names?: readonly string[]
}

/** The smallest normal float32 stands for a probability of 0: logits stay finite. */
const smallest = 1.1754944e-38

/** What a label alone says: certainty. */
const impossible = Math.fround(Math.log(smallest))

const wrong = (message: string, hint?: string): BartizanError =>
  new BartizanError('MODEL_OUTPUT_INVALID', message, { hint })

/**
 * What kind of answer an item is: declared, or told by the first. A list that sums to 1 is probabilities; a single
 * number is one for the second of two classes. Throws MODEL_OUTPUT_INVALID or CONFIG_INVALID where that can't be.
 */
export const settleReading = (
  first: unknown,
  { gives, labels, classes }: Pick<EndpointConfig, 'gives' | 'labels' | 'classes'>,
  declared: 'auto' | 'logits' | 'probabilities',
): Reading => {
  const names = typeof classes === 'object' ? classes : undefined
  const count = typeof classes === 'object' ? classes.length : classes
  if (gives === 'labels' || labels !== undefined) {
    if (count === undefined)
      throw new BartizanError(
        'CONFIG_INVALID',
        "an endpoint that gives labels doesn't tell how many classes there are",
        {
          hint: 'set model.endpoint.classes: their number, or their names in the order of the labels in the data',
        },
      )
    return { kind: 'predicted-class', classes: count, names }
  }
  if (isObject(first) && names === undefined)
    throw new BartizanError(
      'CONFIG_INVALID',
      `the endpoint gives scores by name (${Object.keys(first).slice(0, 5).join(', ')})`,
      {
        hint: 'set model.endpoint.classes to the names in the order of the labels in the data',
      },
    )
  const scores = scoresOf(first, names)
  if (scores === undefined) throw wrong(`the first answer holds ${brief(first)} in place of scores`, scoresHint)
  const bad = scores.findIndex((score) => !Number.isFinite(score))
  if (bad >= 0) throw wrong(`the first answer holds no number as score ${bad}`)
  if (scores.length === 1)
    return { kind: declared === 'logits' ? 'binary-logit' : 'binary-probability', classes: 2, names }
  if (count !== undefined && scores.length !== count)
    throw wrong(`the endpoint gives ${scores.length} scores a row, and ${count} classes are declared`)
  const sum = scores.reduce((a, b) => a + b, 0)
  const likely = Math.abs(sum - 1) < 1e-3 && scores.every((score) => score >= 0)
  const kind = declared === 'auto' ? (likely ? 'probabilities' : 'logits') : declared
  return { kind, classes: scores.length, names }
}

const scoresHint = 'where the endpoint gives labels, set model.endpoint.gives: labels'

/** One row's logits, as whatever was found says. Throws MODEL_OUTPUT_INVALID: NaN, other sizes, unknown labels. */
export const logitsOf = (item: unknown, { kind, classes, names }: Reading): Float32Array => {
  if (kind === 'predicted-class') {
    const label = labelOf(item, classes, names)
    return new Float32Array(classes).fill(impossible).fill(0, label, label + 1)
  }
  const scores = scoresOf(item, names)
  const width = kind.startsWith('binary') ? 1 : classes
  if (scores === undefined) throw wrong(`${brief(item)} came in place of scores`, scoresHint)
  if (scores.length !== width) throw wrong(`${scores.length} scores came, and the answers before had ${width}`)
  for (const score of scores) if (!Number.isFinite(score)) throw wrong('a score is NaN or no number')
  if (kind === 'logits') return Float32Array.from(scores)
  if (kind === 'binary-logit') return Float32Array.of(0, scores[0]!)
  for (const score of scores)
    if (!(score >= -1e-6 && score <= 1 + 1e-6))
      throw wrong(`the score ${score} is no probability`, 'where the scores are logits, set model.output: logits')
  const log = (share: number): number => Math.log(Math.max(share, smallest))
  if (kind === 'probabilities') return Float32Array.from(scores, log)
  return Float32Array.of(0, log(scores[0]!) - log(1 - scores[0]!))
}

/** null, which stands for NaN, becomes NaN. */
const scoresOf = (item: unknown, names: readonly string[] | undefined): readonly number[] | undefined => {
  if (item === null || typeof item === 'number') return [item ?? Number.NaN]
  const list = isObject(item) ? names?.map((name) => (Object.hasOwn(item, name) ? item[name] : undefined)) : item
  if (!Array.isArray(list)) return undefined
  const flat: readonly unknown[] = list
  return flat.every((score) => score === null || typeof score === 'number')
    ? flat.map((score) => (typeof score === 'number' ? score : Number.NaN))
    : undefined
}

const labelOf = (item: unknown, classes: number, names: readonly string[] | undefined): number => {
  const found: unknown = Array.isArray(item) && item.length === 1 ? item[0] : item
  const named = names?.indexOf(String(found)) ?? -1
  if (named >= 0) return named
  // Whole numbers are classes where they are no names.
  const label = typeof found === 'string' && /^\d+$/.test(found) ? Number(found) : found
  if (typeof label === 'number' && Number.isInteger(label) && label >= 0 && label < classes) return label
  throw wrong(
    `${brief(found)} is none of the ${classes} classes`,
    'set model.endpoint.classes to the names in the order of the labels in the data',
  )
}

const brief = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60)
