import { listed } from './literals.ts'
import type { Compile } from './rule.ts'

/** The columns are those of the schema: none missing, none more unless allowed, in that order if asked. */
export const columns: Compile<'columns'> = ({ test }, context) => {
  const found = context.columns.map(({ name }) => name)
  const { expected, optional, extra, ordered } = test
  const missing = expected.filter((name) => !found.includes(name) && !optional.includes(name))
  const absent = optional.filter((name) => !found.includes(name))
  const unknown = extra === 'refuse' ? found.filter((name) => !expected.includes(name)) : []
  const isMoved =
    ordered &&
    expected.filter((name) => found.includes(name)).join('\0') !==
      found.filter((name) => expected.includes(name)).join('\0')
  const faults = [
    ...(missing.length > 0 ? [`missing: ${listed(missing)}`] : []),
    ...(unknown.length > 0 ? [`not in the schema: ${listed(unknown)}`] : []),
    ...(isMoved ? [`in another order: ${listed(found)}`] : []),
  ]
  return {
    kind: 'table',
    aggregates: [],
    merging: [],
    required: `${expected.length} columns${ordered ? ' in order' : ''}${extra === 'refuse' ? ', no other' : ''}`,
    judge: () => ({
      verdict: faults.length === 0 ? 'passed' : 'failed',
      measured: found.length,
      n: found.length,
      message: faults.length === 0 ? `the columns are as the schema says${absentWords(absent)}` : faults.join('; '),
    }),
  }
}

const absentWords = (names: readonly string[]): string =>
  names.length === 0 ? '' : `; not there, as it allows: ${listed(names)}`
