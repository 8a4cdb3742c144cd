import type { BiasTransform } from '../../../contract/bias-result.ts'
import { fileDigest } from '../../../data/index.ts'
import { cellSql } from './cell-sql.ts'
import { emptyCells, gapBetween, type LabelCell, labelCells } from './expected-counts.ts'
import { type TransformInput, transformReference } from './reweighing.ts'
import { writeSelected } from './writing-engine.ts'

interface ResamplingOptions {
  readonly seed: number
  /**
   * SQL of a row's score, for preferential sampling: the rows nearest to the border between the labels (low scores among
   * positives, high ones among negatives) are repeated or left out first. Without it, rows are chosen by a keyed hash.
   */
  readonly score?: string
}

/** Whole numbers near the expected counts with the same sum: the largest remainders are rounded up. Empty cells stay so. */
export const wholeCounts = (cells: readonly LabelCell[]): readonly number[] => {
  const wanted = cells.map(({ observed, expected }) => (observed === 0 ? 0 : expected))
  const counts = wanted.map(Math.floor)
  const total = Math.round(wanted.reduce((sum, value) => sum + value, 0))
  const order = wanted
    .map((value, i) => ({ i, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i)
  let left = total - counts.reduce((sum, value) => sum + value, 0)
  for (const { i } of order) {
    if (left <= 0) break
    if (cells[i]!.observed === 0) continue
    counts[i]! += 1
    left--
  }
  return counts
}

/**
 * Every row of a cell is written as often as the cell's rows go into its target, and those ranked first once more. MD5
 * ranks them: it is in the engine, is the same in every version, and depends on the seed and the row's number only.
 */
const copiesSql = (cells: readonly LabelCell[], targets: readonly number[], score: string | undefined): string => {
  const whole = cells.map(({ observed }, i) => (observed === 0 ? 0 : Math.floor(targets[i]! / observed)))
  const extra = cells.map(({ observed }, i) => (observed === 0 ? 0 : targets[i]! % observed))
  const byCell = (values: readonly (number | string)[]): string =>
    `CASE cell ${values.map((value, i) => `WHEN ${i} THEN ${value}`).join(' ')} END`
  // Where the target is below the observed count, rows near the border go first: kept are those far from it.
  const towards = cells.map(({ positive }, i) =>
    ((positive ? 1 : -1) * (targets[i]! < cells[i]!.observed ? -1 : 1)).toString(),
  )
  const order = score === undefined ? 'key, r' : `(${byCell(towards)}) * score NULLS LAST, key, r`
  return `SELECT r AS "bartizan r", CASE WHEN cell IS NULL THEN 1
      ELSE ${byCell(whole)} + (CASE WHEN place <= ${byCell(extra)} THEN 1 ELSE 0 END) END AS "bartizan copies"
    FROM (SELECT r, cell, row_number() OVER (PARTITION BY cell ORDER BY ${order}) AS place FROM marked)`
}

/**
 * Writes rows left out or repeated until every group and label has the rows that independence would give it, rounded:
 * uniform sampling, or preferential sampling where scores are given. Rows without a label or a protected value stay. File order is kept.
 */
export const resample = async (input: TransformInput, { seed, score }: ResamplingOptions): Promise<BiasTransform> => {
  const { table, columns, label, output } = input
  const cells = labelCells(input.grouping)
  const targets = wholeCounts(cells)
  const numbered = `SELECT *, row_number() OVER () - 1 AS "bartizan row" FROM ${table.relation.sql}`
  const marked = `SELECT "bartizan row" AS r, ${cellSql(columns, label, cells)} AS cell, ${score ?? 'NULL'} AS score,
    md5_number_lower('${seed}:' || "bartizan row") AS key FROM (${numbered})`
  await writeSelected(table, output, {
    before: `CREATE TEMP TABLE copies AS WITH marked AS (${marked}) ${copiesSql(cells, targets, score)}`,
    rows: `SELECT * EXCLUDE ("bartizan row", "bartizan r", "bartizan copies", "bartizan again") FROM
      (SELECT n.*, c.*, unnest(range(c."bartizan copies")) AS "bartizan again"
       FROM (${numbered}) n JOIN copies c ON n."bartizan row" = c."bartizan r")
      ORDER BY "bartizan row", "bartizan again"`,
  })
  const apart = input.rows - cells.reduce((n, { observed }) => n + observed, 0)
  return {
    rule: score === undefined ? 'uniform-resampling' : 'preferential-resampling',
    reference: transformReference,
    parameters: { protected: columns.map(({ name }) => name), seed },
    input: { path: table.path, sha256: input.sha256 },
    output: { path: output, sha256: await fileDigest(output) },
    rowsIn: input.rows,
    rowsOut: targets.reduce((n, target) => n + target, apart),
    changed: cells.reduce((n, { observed }, i) => n + changedRows(observed, targets[i]!), 0),
    cells: cells.map(({ group, positive, observed, expected }, i) => ({
      group,
      positive,
      observed,
      expected,
      rowsOut: targets[i]!,
    })),
    gapAfter: gapBetween(cells.map(({ group, positive }, i) => ({ group, positive, amount: targets[i]! }))),
    notes: [
      ...emptyCells(cells),
      ...(apart > 0 ? [`${apart} rows without a label or a protected value are kept as they are`] : []),
    ],
  }
}

/** Rows of a cell that are left out or repeated. */
const changedRows = (observed: number, target: number): number =>
  observed === 0 ? 0 : target < observed ? observed - target : target >= 2 * observed ? observed : target - observed
