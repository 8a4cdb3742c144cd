import type { Progress } from '../../assessment/assess.ts'
import { type AttackedData, attackData } from '../../assessment/attack-run.ts'
import type { TargetChoice } from '../../assessment/attack-targets.ts'
import { attackNamed } from '../../assessment/battery.ts'
import { measureClean } from '../../assessment/subject.ts'
import { openSurrogates } from '../../assessment/surrogates.ts'
import { BartizanError } from '../../base/errors.ts'
import type { AttackResult, InputInfo, Measure } from '../../contract/index.ts'
import { type NpyWriter, npyWriter } from '../../data/index.ts'
import type { Classifier } from '../../models/classifier.ts'
import type { AnyAttack } from '../../threat/attack.ts'
import { largestChange } from '../../threat/norm.ts'
import { resolveParameters } from '../../threat/parameters.ts'
import { demandLabels, openingFrom, type SubjectFlags, subjectFromFlags } from './subject.ts'

export interface AttackCommand extends SubjectFlags {
  readonly name: string
  readonly norm?: Measure
  readonly eps?: number
  readonly set: readonly (readonly [string, string])[]
  readonly surrogates?: readonly string[]
  readonly targets?: TargetChoice
  readonly save?: string
  readonly seed: number
  readonly progress: Progress
}

export interface FinishedAttack {
  readonly result: AttackResult
  readonly input: InputInfo
  readonly targets?: TargetChoice
  /** Rows that reached what the attack was after, of those predicted right before. */
  readonly broken: number
  readonly refused: number
  readonly excluded: number
  readonly saved?: string
}

/** Checks everything that can be checked first, measures the clean rows, then attacks them. */
export const runAttackCommand = async (command: AttackCommand): Promise<FinishedAttack> => {
  const attack = attackNamed(command.name)
  const norm = command.norm ?? attack.norms[0]!
  if (command.eps === undefined && !attack.minimal)
    throw new BartizanError('USAGE', `${attack.id} needs a budget: --eps`, {
      hint: 'in input units: for images in 0 to 1, --eps 8/255 in linf is usual',
    })
  const parameters = resolveParameters(attack.id, attack.parameters, Object.fromEntries(command.set))
  const subject = await subjectFromFlags(command)
  let writer: NpyWriter | undefined
  let surrogates: readonly Classifier[] = []
  try {
    demandLabels(subject, 'an attack needs them')
    const { model, set, input } = subject
    surrogates = await openSurrogates(command.surrogates ?? [], model, openingFrom(command))
    command.progress.start('clean rows')
    const { accuracy } = await measureClean(subject, undefined)
    command.progress.end(`accuracy ${(100 * accuracy.value).toFixed(1)} %`)
    const started = performance.now()
    command.progress.start(attack.id)
    if (command.save !== undefined)
      writer = await npyWriter(command.save, { dtype: 'float32', shape: [set.rows, ...set.shape] })
    const [low, high] = input.range
    const attacked = await attackData({
      set,
      model,
      attack,
      norm,
      epsilon: command.eps ?? largestChange(norm, high - low, model.size),
      low,
      high,
      parameters,
      seed: command.seed,
      targets: command.targets,
      surrogates,
      progress: command.progress.update,
      onChunk: ({ adversarial }) => writer?.append(adversarial),
    })
    await writer?.commit()
    const seconds = (performance.now() - started) / 1000
    command.progress.end(`robust accuracy ${(100 * attacked.robustAccuracy.value).toFixed(1)} %`)
    return {
      result: resultOf(attack, norm, command, attacked, seconds),
      input,
      targets: command.targets,
      broken: attacked.perRow.broken.filter(Boolean).length,
      refused: attacked.refused,
      excluded: attacked.excluded,
      saved: command.save,
    }
  } finally {
    await writer?.discard()
    for (const surrogate of surrogates) await surrogate.release()
    await subject.close()
  }
}

const resultOf = (
  attack: AnyAttack,
  norm: Measure,
  { eps, seed }: AttackCommand,
  { parameters, rows, cleanAccuracy, robustAccuracy, distance, queries }: AttackedData,
  seconds: number,
): AttackResult => ({
  attack: attack.id,
  norm,
  ...(eps !== undefined && { epsilon: eps }),
  params: parameters,
  seed,
  rows,
  cleanAccuracy,
  robustAccuracy,
  distance,
  queries,
  seconds,
})
