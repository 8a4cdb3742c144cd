import type { CheckResult } from '../../../contract/validation.ts'
import { type CategoryMeasures, categoryDraft, categoryMeasures } from '../../comparison/categories.ts'
import { permutationsFor } from '../../comparison/column-checks.ts'
import { defaultComparison } from '../../comparison/options.ts'
import { classDrafts } from '../../comparison/shares.ts'
import { unsharedDrafts } from '../../comparison/unshared-categories.ts'
import { judgeAll } from '../../comparison/verdict.ts'
import type { LabelsSection } from '../schema/yaml-sections.ts'
import type { LabelCounts } from './label-counts.ts'

/** Labels as the report has them. */
export interface LabelDistribution {
  readonly rows: number
  readonly missing: number
  /** The most frequent first; `reference`: rows there. */
  readonly classes: readonly { readonly name: string; readonly count: number; readonly reference?: number }[]
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`
const quoted = (name: string): string => JSON.stringify(name.slice(0, 80))

const listed = (names: readonly string[]): string =>
  names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '')

const ranked = (counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] =>
  [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))

const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0)

interface Class {
  readonly name: string
  readonly count: number
}

/** The check that finds rows without a label, or with one that is no class. */
export const classesId = 'labels.classes'

/** Classes that the schema declares, as labels are written. */
export const declaredClasses = ({ classes }: LabelsSection): readonly string[] | undefined => classes?.map(String)

/** Every row has a label that is one of the classes; without a list, there are two classes or more. */
const classesCheck = ({ counts, missing }: LabelCounts, declared: readonly string[] | undefined): CheckResult => {
  const labelled = sum(counts.values())
  const n = labelled + missing
  const unknown = declared === undefined ? [] : ranked(counts).filter(([name]) => !declared.includes(name))
  const wrong = sum(unknown.map(([, count]) => count))
  const required =
    declared === undefined
      ? 'every row has a label, of two classes or more'
      : `every label is one of ${listed(declared.map(quoted))}`
  const faults = [
    ...(missing > 0 ? [`${missing} rows have no label`] : []),
    ...(unknown.length > 0
      ? [
          `${wrong} have a label that is no class: ${listed(unknown.map(([name, count]) => `${quoted(name)} (${count})`))}`,
        ]
      : []),
    ...(declared === undefined && counts.size === 1 ? ['all have the same label'] : []),
  ]
  const verdict = labelled === 0 ? 'inconclusive' : faults.length === 0 ? 'passed' : 'failed'
  const found = ranked(counts).map(([name, count]) => `${quoted(name)} ${count} (${percent(count / labelled)})`)
  return {
    id: classesId,
    verdict,
    measured: missing + wrong,
    required,
    n,
    ...(n > 0 && { effect: (missing + wrong) / n }),
    message:
      labelled === 0
        ? 'no row has a label'
        : faults.length > 0
          ? faults.join('; ')
          : `${counts.size} classes: ${listed(found)}`,
  }
}

/** The rarest class against a least count or share. */
const leastCheck = (
  id: string,
  classes: readonly Class[],
  of: (count: number) => number,
  least: number,
  text: (value: number) => string,
): CheckResult => {
  const n = sum(classes.map(({ count }) => count))
  const required = `at least ${text(least)} of every class`
  if (n === 0) return { id, verdict: 'inconclusive', measured: null, required, n, message: 'no row has a label' }
  const few = classes.filter(({ count }) => of(count) < least)
  const rarest = classes.reduce((rare, next) => (next.count < rare.count ? next : rare))
  return {
    id,
    verdict: few.length === 0 ? 'passed' : 'failed',
    measured: of(rarest.count),
    required,
    n,
    message:
      few.length === 0
        ? `the rarest class, ${quoted(rarest.name)}, has ${text(of(rarest.count))}`
        : `too few of ${few.length} of ${classes.length} classes: ${listed(few.map(({ name, count }) => `${quoted(name)} ${text(of(count))}`))}`,
  }
}

const profileOf = ({ counts, missing }: LabelCounts) => ({
  column: 'labels',
  type: 'VARCHAR',
  rows: sum(counts.values()) + missing,
  missing,
  notNumbers: 0,
  distinct: counts.size,
  counts,
})

const changeChecks = (current: LabelCounts, reference: LabelCounts, section: LabelsSection): readonly CheckResult[] => {
  const options = {
    ...defaultComparison,
    variation: section['max-change'] ?? defaultComparison.variation,
    classShare: section['max-class-change'] ?? defaultComparison.classShare,
  }
  const pair = { kind: 'categorical' as const, reference: profileOf(reference), current: profileOf(current) }
  const permutations = permutationsFor(1, options.falseDiscoveryRate)
  const measures: CategoryMeasures | undefined = categoryMeasures(pair, permutations, options.seed)
  return judgeAll(
    [
      categoryDraft('labels', measures, options, 'labels.distribution'),
      ...(measures === undefined
        ? []
        : [...unsharedDrafts('labels', measures, options), ...classDrafts('labels', measures, options)]),
    ],
    options.falseDiscoveryRate,
  ).map(({ column: _, ...check }) => check)
}

/** Checks of the labels by themselves and against those of a reference, and the counts that they rest on. */
export const labelChecks = (
  section: LabelsSection,
  current: LabelCounts,
  reference: LabelCounts | undefined,
): { readonly checks: readonly CheckResult[]; readonly labels: LabelDistribution } => {
  const declared = declaredClasses(section)
  const names = declared ?? [...current.counts.keys()]
  // A class without a row is the rarest of all, where the classes are known.
  const classes = names.map((name) => ({ name, count: current.counts.get(name) ?? 0 }))
  const labelled = sum(current.counts.values())
  const [minCount, minShare] = [section['min-count'], section['min-share']]
  const all = new Set([...current.counts.keys(), ...(reference?.counts.keys() ?? []), ...(declared ?? [])])
  const counted = ranked(new Map([...all].map((name) => [name, current.counts.get(name) ?? 0])))
  return {
    checks: [
      classesCheck(current, declared),
      ...(minCount === undefined ? [] : [leastCheck('labels.min-count', classes, (n) => n, minCount, String)]),
      ...(minShare === undefined
        ? []
        : [leastCheck('labels.min-share', classes, (n) => n / labelled, minShare, percent)]),
      ...(reference === undefined ? [] : changeChecks(current, reference, section)),
    ],
    labels: {
      rows: labelled + current.missing,
      missing: current.missing,
      classes: counted.map(([name, count]) => ({
        name,
        count,
        ...(reference !== undefined && { reference: reference.counts.get(name) ?? 0 }),
      })),
    },
  }
}
