import { BartizanError } from '../../../base/errors.ts'
import type { BiasTransform } from '../../../contract/bias-result.ts'
import { columnOf } from '../../table/index.ts'
import { type BiasOptions, defaults } from '../options.ts'
import type { Prepared } from '../prepare.ts'
import { finiteSql } from '../table/expressions.ts'
import { resample } from './resampling.ts'
import { reweigh } from './reweighing.ts'
import { writtenFormat } from './writing-engine.ts'

/** Checks what is to be written before anything is measured. Throws USAGE. */
export const checkOutputs = ({ label, scores, sampling, ...files }: BiasOptions): void => {
  const outputs = [files.reweigh, files.resample].filter((path) => path !== undefined)
  for (const path of outputs) writtenFormat(path)
  if (outputs.length > 0 && label === undefined)
    throw new BartizanError('USAGE', 'rows are reweighed or resampled by their labels', { hint: 'give --label' })
  if (outputs.length > 1 && outputs[0] === outputs[1])
    throw new BartizanError('USAGE', `${outputs[0]} is named for two outputs`, { data: { path: outputs[0] } })
  if (files.resample !== undefined && sampling === 'preferential' && scores === undefined)
    throw new BartizanError('USAGE', 'preferential sampling ranks rows by a score', { hint: 'give --scores' })
}

/** Writes the files that were asked for, and records how they came about. */
export const applyTransforms = async (
  { table, sha256, columns, outcomes, overall, groupings }: Prepared,
  options: BiasOptions,
): Promise<readonly BiasTransform[]> => {
  const { weightColumn = defaults.weightColumn, seed = defaults.seed, sampling, scores } = options
  const grouping = groupings.at(-1)!
  const input = { table, sha256, rows: overall.rows, columns, grouping, label: outcomes.label ?? 'NULL' }
  const transforms: BiasTransform[] = []
  if (options.reweigh !== undefined) transforms.push(await reweigh({ ...input, output: options.reweigh }, weightColumn))
  if (options.resample !== undefined) {
    const ranked = sampling === 'preferential' && scores !== undefined
    const score = ranked ? finiteSql(columnOf(table, scores)) : undefined
    transforms.push(await resample({ ...input, output: options.resample }, { seed, score }))
  }
  return transforms
}
