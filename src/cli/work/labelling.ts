import { BartizanError } from '../../base/errors.ts'
import { type LabelsResult, labelsResultSchema } from '../../contract/labels.ts'
import { writeTextAtomically } from '../../data/index.ts'
import { findLabelErrors } from '../../screening/labels/index.ts'
import type { Output } from '../terminal/output.ts'
import type { LabelFlags } from './label-flags.ts'
import { type OwnProbabilities, ownProbabilities } from './label-network.ts'
import { broughtProbabilities, type JudgedRows } from './label-probabilities.ts'
import { recordLabels } from './label-record.ts'
import { resultOf } from './label-result.ts'
import { checkOutputs } from './outputs.ts'
import { withRowFile } from './row-file.ts'
import { requireProject } from './step-record.ts'

/**
 * Label errors of a file with one label a row, by probabilities that are brought or made by cross-validation; what is
 * written is recorded in the project. Throws USAGE where flags don't fit, and what reading and training throw.
 */
export const checkLabels = async (
  file: string,
  flags: LabelFlags,
  out: Pick<Output, 'progress'>,
): Promise<LabelsResult> => {
  const { probabilities, labels, model, save, saveProbabilities, project } = flags
  if (probabilities !== undefined && (model ?? flags.architecture ?? saveProbabilities) !== undefined)
    throw new BartizanError('USAGE', '--probabilities stands in place of --model, --architecture and what they give')
  await checkOutputs(
    { FILE: file, '--labels': labels, '--probabilities': probabilities, '--model': model },
    { '--save': save, '--save-probabilities': saveProbabilities },
  )
  if (save !== undefined || saveProbabilities !== undefined) await requireProject(project)
  const judged: JudgedRows | OwnProbabilities =
    probabilities === undefined
      ? await ownProbabilities(file, flags, out)
      : await broughtProbabilities(file, { ...flags, probabilities })
  const found = findLabelErrors(judged, { ...flags, path: probabilities ?? 'cross-validation' })
  const result = await resultOf(file, flags, judged, found)
  if (save !== undefined) await writeTextAtomically(save, issuesCsv(result.issues))
  if (saveProbabilities !== undefined && judged.probabilities instanceof Float32Array) {
    const { classes, labels: rows, probabilities: values } = judged
    await withRowFile(saveProbabilities, rows.length, (put) => put(values as Float32Array, [classes]))
  }
  return labelsResultSchema.parse(await recordLabels(result, file, flags))
}

const cell = (value: string | number): string =>
  /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value)

const issuesCsv = (issues: LabelsResult['issues']): string =>
  [
    'row,given,suggested,score',
    ...issues.map(({ row, given, suggested, score }) => [row, given, suggested, score].map(cell).join(',')),
    '',
  ].join('\n')
