import type { LabelsResult } from '../../contract/labels.ts'
import { splitPart } from '../../data/open.ts'
import { digestOfData } from '../../screening/validation/index.ts'
import { nameIn, sourceOf } from './commitments.ts'
import type { LabelFlags } from './label-flags.ts'
import { commandLine, recordStep } from './step-record.ts'

/** Names the files that were written, and signs and logs a record of them; nothing where nothing was written. */
export const recordLabels = async (result: LabelsResult, file: string, flags: LabelFlags): Promise<LabelsResult> => {
  const { project, save, saveProbabilities, labels, probabilities, model } = flags
  const outputs = [save, saveProbabilities].filter((path) => path !== undefined)
  if (outputs.length === 0) return result
  const read = [file, labels, probabilities, model].filter((path) => path !== undefined)
  const sources = await Promise.all(read.map(async (path) => (await splitPart(path)).file))
  const record = await recordStep({
    project,
    step: 'check-labels',
    materials: await Promise.all(
      [...new Set(sources)].map(async (path) => sourceOf(project, { path, sha256: await digestOfData(path) })),
    ),
    outputs,
    command: commandOf(file, flags),
    params: paramsOf(result),
    changes: {
      rows: { in: result.rows, out: result.rows },
      rules: [{ rule: result.settings.filter, action: 'flag', rows: result.issues.length }],
    },
  })
  const digested = async (path: string) => ({ path: nameIn(project, path), sha256: await digestOfData(path) })
  return {
    ...result,
    outputs: {
      ...(save !== undefined && { issues: await digested(save) }),
      ...(saveProbabilities !== undefined && { probabilities: await digested(saveProbabilities) }),
      ...(record && { record }),
    },
  }
}

const named = (project: string, flag: string, path: string | undefined): readonly (string | undefined)[] =>
  path === undefined ? [] : [flag, nameIn(project, path)]

const valued = (flag: string, value: string | number | readonly (string | number)[] | undefined) =>
  value === undefined ? [] : [flag, Array.isArray(value) ? value.join(',') : String(value)]

/** The command line that finds them again, with names as the project has them. */
const commandOf = (file: string, flags: LabelFlags): string => {
  const { project, rows, folds, seed } = flags
  const trained = flags.probabilities === undefined
  return commandLine([
    ...['bartizan', 'data', 'labels', nameIn(project, file)],
    ...named(project, '--labels', flags.labels),
    ...valued('--label', flags.label),
    ...valued('--columns', flags.columns),
    ...(rows === undefined ? [] : ['--rows', `${rows.from ?? 0}:${rows.to ?? ''}`]),
    ...named(project, '--probabilities', flags.probabilities),
    ...valued('--classes', flags.classes),
    ...named(project, '--model', flags.model),
    ...valued('--architecture', flags.architecture),
    ...valued('--scale', flags.scale),
    ...valued('--shape', flags.shape),
    ...valued('--mean', flags.mean),
    ...valued('--std', flags.std),
    ...(flags.model === undefined ? [] : ['--output', flags.output]),
    ...(trained ? ['--folds', String(folds)] : []),
    ...flags.set.flatMap(([key, value]) => ['--set', `${key}=${value}`]),
    ...['--filter', flags.filter, '--score', flags.score],
    flags.adjust ? '--adjust' : undefined,
    ...named(project, '--save', flags.save),
    ...named(project, '--save-probabilities', flags.saveProbabilities),
    ...['--seed', String(seed)],
  ])
}

const paramsOf = ({ settings, probabilities, health }: LabelsResult): Readonly<Record<string, string>> => ({
  filter: settings.filter,
  score: settings.score,
  probabilities: probabilities.network ?? 'brought',
  ...(probabilities.folds !== undefined && { folds: String(probabilities.folds) }),
  'noise-rate': String(health.noiseRate.value),
})
