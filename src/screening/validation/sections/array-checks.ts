import type { CheckResult } from '../../../contract/validation.ts'
import type { Source } from '../../../data/source.ts'
import type { ArraySection } from '../schema/yaml-sections.ts'

/** Rows that fail one check, by row: 1 where they do. */
export interface RowFaults {
  readonly check: string
  readonly rows: Uint8Array
  /** Where the first faulty values stand, and what they are. */
  readonly first: readonly { readonly row: number; readonly place: string; readonly value: string }[]
}

export interface ArrayResult {
  readonly checks: readonly CheckResult[]
  readonly faults: readonly RowFaults[]
}

const shown = 5
const batchValues = 1 << 20

/** A test of single values. */
interface ValueTest {
  readonly id: string
  readonly required: string
  readonly fault: string
  breaks(value: number): boolean
  broken: number
  readonly rows: Uint8Array
  readonly first: { row: number; place: string; value: string }[]
}

const valueTests = (id: string, rows: number, { finite = true, min, max, set }: ArraySection): ValueTest[] => {
  const test = (name: string, required: string, fault: string, breaks: (value: number) => boolean): ValueTest => ({
    id: `${id}.${name}`,
    required,
    fault,
    breaks,
    broken: 0,
    rows: new Uint8Array(rows),
    first: [],
  })
  const tests: ValueTest[] = []
  if (finite) tests.push(test('finite', 'finite values', 'are not finite', (value) => !Number.isFinite(value)))
  if (min !== undefined || max !== undefined) {
    const [low, high] = [min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY]
    const bounds = [...(min === undefined ? [] : [`at least ${min}`]), ...(max === undefined ? [] : [`at most ${max}`])]
    const required = bounds.join(' and ')
    tests.push(test('range', required, `are not ${required}`, (value) => !(value >= low && value <= high)))
  }
  if (set !== undefined) {
    const allowed = new Set(set)
    const required = `one of ${set.slice(0, 12).join(', ')}${set.length > 12 ? ' …' : ''}`
    tests.push(test('set', required, `are not ${required}`, (value) => !allowed.has(value)))
  }
  return tests
}

const shapeCheck = (id: string, { rows, shape }: Source, wanted: readonly (number | 'any')[]): CheckResult => {
  const found = [rows, ...shape]
  const holds = found.length === wanted.length && wanted.every((size, i) => size === 'any' || size === found[i])
  const text = (sizes: readonly (number | string)[]): string => `(${sizes.join(', ')})`
  return {
    id: `${id}.shape`,
    verdict: holds ? 'passed' : 'failed',
    measured: text(found),
    required: text(wanted),
    n: rows,
    message: `the shape is ${text(found)}`,
  }
}

const headerChecks = (id: string, source: Source, section: ArraySection): readonly CheckResult[] => {
  const { rows, dtype } = source
  const { 'min-rows': least = 1, 'max-rows': most = Number.POSITIVE_INFINITY } = section
  return [
    ...(section.dtype === undefined
      ? []
      : [
          {
            id: `${id}.dtype`,
            verdict: dtype === section.dtype ? ('passed' as const) : ('failed' as const),
            measured: dtype,
            required: section.dtype,
            n: 1,
            message: `the element type is ${dtype}`,
          },
        ]),
    ...(section.shape === undefined ? [] : [shapeCheck(id, source, section.shape)]),
    {
      id: `${id}.rows`,
      verdict: rows === 0 ? 'inconclusive' : rows >= least && rows <= most ? 'passed' : 'failed',
      measured: rows,
      required: most === Number.POSITIVE_INFINITY ? `at least ${least} rows` : `${least} to ${most} rows`,
      n: rows,
      message: rows === 0 ? 'the array has no rows' : `the array has ${rows} rows`,
    },
  ]
}

const valueCheck = ({ id, required, fault, broken, first }: ValueTest, n: number): CheckResult => {
  if (n === 0)
    return { id, verdict: 'inconclusive', measured: null, required, n, message: 'there are no values to look at' }
  const example = first[0] === undefined ? '' : `; first: ${first[0].value} at ${first[0].place}`
  return {
    id,
    verdict: broken === 0 ? 'passed' : 'failed',
    measured: broken,
    required,
    n,
    effect: broken / n,
    message: broken === 0 ? `none of ${n} values fails` : `${broken} of ${n} values ${fault}${example}`,
  }
}

/** Columns (positions within a row) whose value is the same in every row say nothing. */
const constantCheck = (id: string, varies: Uint8Array, rows: number): CheckResult => {
  const required = 'no column with one value in all rows'
  const n = varies.length
  if (rows < 2 || n === 0)
    return { id, verdict: 'inconclusive', measured: null, required, n: 0, message: 'fewer than two rows tell nothing' }
  const constant = [...varies.keys()].filter((i) => varies[i] === 0)
  return {
    id,
    verdict: constant.length === 0 ? 'passed' : 'failed',
    measured: constant.length,
    required,
    n,
    effect: constant.length / n,
    message:
      constant.length === 0
        ? `all ${n} columns vary`
        : `${constant.length} of ${n} columns have one value in all ${rows} rows; first: ${constant.slice(0, 5).join(', ')}`,
  }
}

/** Checks one array by its section: header, values and columns, in one pass of bounded memory. */
export const checkArray = async (id: string, source: Source, section: ArraySection): Promise<ArrayResult> => {
  const { rows, shape } = source
  const width = shape.reduce((product, size) => product * size, 1)
  const tests = valueTests(id, rows, section)
  const refusesConstant = section['constant-columns'] === 'refuse'
  const varies = new Uint8Array(refusesConstant ? width : 0)
  const firstRow = new Float64Array(refusesConstant ? width : 0)
  const step = Math.max(1, Math.floor(batchValues / Math.max(1, width)))
  for (let from = 0; from < rows; from += step) {
    const { x } = await source.read(from, Math.min(rows, from + step))
    for (let i = 0; i < x.length; i++) {
      const value = Number(x[i])
      for (const test of tests)
        if (test.breaks(value)) {
          const row = from + Math.floor(i / width)
          test.broken++
          test.rows[row] = 1
          if (test.first.length < shown && test.first.at(-1)?.row !== row)
            test.first.push({ row, place: source.place(row, i % width), value: String(value) })
        }
      if (refusesConstant) {
        if (from === 0 && i < width) firstRow[i] = value
        else if (value !== firstRow[i % width] && !(Number.isNaN(value) && Number.isNaN(firstRow[i % width])))
          varies[i % width] = 1
      }
    }
  }
  return {
    checks: [
      ...headerChecks(id, source, section),
      ...tests.map((test) => valueCheck(test, rows * width)),
      ...(refusesConstant ? [constantCheck(`${id}.constant-columns`, varies, rows)] : []),
    ],
    faults: tests.flatMap(({ id: check, rows: faulty, first, broken }) =>
      broken === 0 ? [] : [{ check, rows: faulty, first }],
    ),
  }
}
