import { BartizanError } from '../../base/errors.ts'
import { type BiasResult, biasResultSchema, biasSchemaVersion } from '../../contract/bias-result.ts'
import { fileDigest } from '../../data/index.ts'
import { columnOf, withTable } from '../table/index.ts'
import { ratesOf } from './groups/rates.ts'
import { readReference } from './groups/reference.ts'
import { calibrator } from './metrics/calibration.ts'
import { consistencyOf } from './metrics/consistency-rows.ts'
import { type BiasOptions, defaults, judgedByDefault } from './options.ts'
import { notesOf, type Prepared, prepare } from './prepare.ts'
import { findProxies } from './proxies/find-proxies.ts'
import { groupingSummary, individualSummary, verdictOf } from './summary.ts'
import { applyTransforms, checkOutputs } from './transforms/apply.ts'

const settingsOf = (options: BiasOptions, { outcomes }: Prepared): BiasResult['settings'] => {
  const { label, predictions, scores, threshold = defaults.threshold } = options
  return {
    protected: options.protected,
    bins: options.bins ?? {},
    ...(label !== undefined && { label }),
    positive: options.positive ?? defaults.positive,
    ...(predictions !== undefined && { predictions }),
    ...(scores !== undefined && { scores }),
    ...(predictions === undefined && scores !== undefined && { threshold }),
    privileged: options.privileged ?? {},
    maxGap: options.maxGap ?? defaults.maxGap,
    minGroup: options.minGroup ?? defaults.minGroup,
    ignored: options.ignore ?? [],
    judged: options.judged ?? judgedByDefault(outcomes.label !== undefined, outcomes.prediction !== undefined),
    proxyThreshold: options.proxyThreshold ?? defaults.proxyThreshold,
    seed: options.seed ?? defaults.seed,
  }
}

const checkPrivileged = ({ privileged = {}, ...options }: BiasOptions): void => {
  const stray = Object.keys(privileged).find((name) => !options.protected.includes(name))
  if (stray !== undefined)
    throw new BartizanError('CONFIG_INVALID', `${stray} has a privileged value, but is not a protected column`, {
      hint: `protected are: ${options.protected.join(', ')}`,
      data: { column: stray },
    })
}

const tableHint = 'give a CSV, TSV, JSONL or Parquet file that holds the protected columns and the labels'

/**
 * Looks at a table for bias: groups by the protected columns and their intersections, gaps of the labels and of the
 * predictions, proxies of the protected columns; writes reweighed or resampled rows where that is asked for. Throws
 * CONFIG_INVALID, USAGE, DATA_CORRUPT or DATA_OUT_OF_RANGE, and what opening and writing files throws.
 */
export const checkBias = async (path: string, options: BiasOptions): Promise<BiasResult> => {
  checkOutputs(options)
  checkPrivileged(options)
  const { reference: referencePath } = options
  const reference = referencePath === undefined ? undefined : await readReference(referencePath)
  return withTable(
    path,
    async (table) => {
      const prepared = await prepare(table, options)
      const { outcomes, overall, columns } = prepared
      const settings = settingsOf(options, prepared)
      const shown = { ...settings, reference, calibrate: calibrator(settings.seed) }
      const groupings = prepared.groupings.map((each) => groupingSummary(each, overall, shown))
      const ignored = (options.ignore ?? []).map((name) => columnOf(table, name).name)
      const outcomeNames = [options.label, options.predictions, options.scores].filter((name) => name !== undefined)
      const apart = [...ignored, ...outcomeNames]
      const { minGroup, proxyThreshold: threshold } = settings
      const result: BiasResult = {
        schemaVersion: biasSchemaVersion,
        data: { path, sha256: prepared.sha256, format: table.format },
        rows: prepared.rows,
        settings: {
          ...settings,
          ...(referencePath !== undefined && {
            reference: { path: referencePath, sha256: await fileDigest(referencePath) },
          }),
        },
        overall: ratesOf(overall),
        groupings,
        individual: individualSummary(
          overall,
          await consistencyOf(table, outcomes, [...options.protected, ...apart], overall.rows),
        ),
        proxies: await findProxies(table, columns, { besides: apart, minGroup, threshold }),
        transforms: await applyTransforms(prepared, options),
        ...verdictOf(groupings),
        notes: notesOf(prepared),
      }
      return biasResultSchema.parse(result)
    },
    tableHint,
  )
}
