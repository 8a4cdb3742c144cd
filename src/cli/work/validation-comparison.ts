import type { CheckResult, Distribution } from '../../contract/validation.ts'
import type { ColumnChecks } from '../../screening/comparison/index.ts'
import { type Mask, masking } from './validation-masking.ts'

export interface ComparisonFlags {
  readonly reference?: string
  readonly columns?: readonly string[]
  readonly target?: string
}

export interface Compared {
  readonly checks: readonly CheckResult[]
  readonly distributions: readonly Distribution[]
}

/** Categories that are counted by name; the others are summed up. */
const mostCategories = 12
const longestName = 40

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** What the check of a column's distribution rests on; nothing for columns that are not compared by one. */
const distributionOf = ({ pair, numbers, categories, drafts }: ColumnChecks, mask: Mask): readonly Distribution[] => {
  const check = drafts.find(({ id }) => /\.(distribution|length|labels)$/.test(id))
  if (check === undefined) return []
  const { column } = pair.reference
  if (numbers !== undefined) {
    const kind = pair.kind === 'text' ? 'lengths' : 'numbers'
    return [{ column, check: check.id, kind, edges: numbers.edges, ...numbers.bins }]
  }
  if (categories === undefined) return []
  const split = (counts: readonly number[]) => ({
    shown: counts.slice(0, mostCategories),
    rest: sum(counts.slice(mostCategories)),
  })
  const [reference, current] = [split(categories.counts.reference), split(categories.counts.current)]
  return [
    {
      column,
      check: check.id,
      kind: 'categories',
      names: categories.names.slice(0, mostCategories).map((name) => shortened(mask(name, column))),
      reference: reference.shown,
      current: current.shown,
      others: {
        names: Math.max(0, categories.names.length - mostCategories),
        reference: reference.rest,
        current: current.rest,
      },
    },
  ]
}

const shortened = (name: string): string => {
  const characters = [...name]
  return characters.length > longestName ? `${characters.slice(0, longestName - 1).join('')}…` : name
}

/** Names of categories stand in messages as JSON texts; the sentence around them holds figures only. */
const quoted = /"(?:[^"\\]|\\.)*"/g

const maskedMessage = (message: string, column: string, mask: Mask): string =>
  message.replace(quoted, (text) => JSON.stringify(mask(JSON.parse(text), column)))

/**
 * Compares the columns with those of the reference: its checks, under ids that those of the schema (`taken`) don't have,
 * and the counts that they rest on, both with personal data masked.
 */
export const comparisonOf = async (
  file: string,
  { reference, columns, target }: ComparisonFlags,
  taken: ReadonlySet<string>,
): Promise<Compared | undefined> => {
  if (reference === undefined) return undefined
  const { compareInDetail } = await import('../../screening/comparison/index.ts')
  const found = await compareInDetail({
    reference,
    current: file,
    ...(columns !== undefined && { columns }),
    ...(target !== undefined && { target }),
  })
  const mask = await masking()
  const free = (id: string): string => (taken.has(id) ? `reference.${id}` : id)
  return {
    checks: found.checks.map((check) => ({
      ...check,
      id: free(check.id),
      ...(check.column !== undefined && { message: maskedMessage(check.message, check.column, mask) }),
    })),
    distributions: found.columns
      .flatMap((column) => distributionOf(column, mask))
      .map((distribution) => ({ ...distribution, check: free(distribution.check) })),
  }
}
