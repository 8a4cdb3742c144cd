import { join } from 'node:path'
import type { AttackedData } from '../../assessment/attack-run.ts'
import { evasionResultOf } from '../../assessment/evasion-result.ts'
import { withPictures } from '../../assessment/pictures.ts'
import type { Picture } from '../../assessment/report/index.ts'
import type { Subject } from '../../assessment/subject.ts'
import { worstExamples } from '../../assessment/worst-examples.ts'
import type { AttackResult, EvasionProbe, InputInfo } from '../../contract/index.ts'
import { writeNpy, writeTextAtomically } from '../../data/index.ts'
import { version } from '../version.ts'
import { renderAttackPage } from './attack-page.ts'

export interface AttackReport {
  readonly path: string
  readonly result: AttackResult
  readonly attacked: AttackedData
  readonly subject: Subject
  readonly input: InputInfo
  /** npy file of the rows after the attack. */
  readonly examples: string
  /** For files that only the report needs. */
  readonly folder: string
}

/** Writes one attack's run as an HTML file, with its worst rows. Throws FILE_UNWRITABLE. */
export const writeAttackReport = async (report: AttackReport): Promise<void> => {
  const { path, result, attacked, subject, input, examples, folder } = report
  const { model, set } = subject
  const { attack, norm, epsilon, params, queryCurve, fitted } = result
  const fittedFile = join(folder, 'fitted.npy')
  if (fitted && attacked.fittedValues)
    await writeNpy(fittedFile, { dtype: 'float32', shape: fitted.shape, data: attacked.fittedValues })
  const plain: EvasionProbe = {
    id: attack,
    class: 'evasion',
    attack,
    norm,
    epsilon,
    params,
    status: 'measured',
    result: { ...evasionResultOf(attacked), ...(fitted && { fitted }) },
    queryCurve,
    flags: [],
    worst: await worstExamples({ model, set, task: result.task }, attacked.perRow, examples),
  }
  const pictures = new Map<string, Picture>()
  const probe = await withPictures(plain, { examples, fitted: fittedFile }, { set, input, pictures })
  await writeTextAtomically(
    path,
    await renderAttackPage({
      result,
      input,
      probe,
      pictures,
      model: { path: model.path, sha256: model.sha256 },
      data: { path: set.path, from: set.offset, to: set.offset + set.rows, classNames: set.classes },
      tool: { name: 'bartizan', version: version() },
    }),
  )
}
