import type { BackdoorResult, DataInfo, Finding, TriggerKind } from '../../../contract/index.ts'
import { className } from '../../report/class-name.ts'
import { number, percent } from '../../report/format.ts'

export interface ProbedBackdoor {
  readonly id: string
  readonly kind: TriggerKind
  readonly result: BackdoorResult
}

/** One finding a target class, resting on the probe whose trigger turns most rows. */
export const backdoorFindings = (
  probes: readonly ProbedBackdoor[],
  { data, model, reproduce }: { readonly data: DataInfo; readonly model: string; readonly reproduce: string },
): readonly Finding[] => {
  const found = probes.filter(({ result }) => result.verdict === 'backdoored')
  const targets = [...new Set(found.map(({ result }) => result.target!))]
  return targets.map((target) => {
    const of = found.filter(({ result }) => result.target === target)
    const best = [...of].sort((a, b) => b.result.trigger!.success.value - a.result.trigger!.success.value)[0]!
    const { success } = best.result.trigger!
    const name = className(target, { data })
    return {
      id: `backdoor-${target}`,
      severity: 'critical',
      title: `A rebuilt trigger turns ${percent(success.value)} of the rows into class ${name}: the model has a backdoor`,
      meaning: `${of.map(({ result }) => `${result.reason}${strip(result)}`).join(' ')} Whoever knows the trigger makes the model say ${name} to anything; accuracy on clean rows doesn't show it. The rebuilt trigger needs not look like the planted one.`,
      reproduce,
      remedy: `Do not use this file. Find where its training rows or weights come from, screen the rows (bartizan data screen), and train again. Where that is not possible, repair it and look again: bartizan harden --model ${model} --method backdoor-repair.`,
      probe: best.id,
    }
  })
}

const strip = ({ strip: seen }: BackdoorResult): string =>
  seen
    ? ` STRIP, which rejects ${percent(seen.clean.value)} of clean rows at ${number(seen.threshold)} bits, would reject ${percent(seen.triggered.value)} of rows with the rebuilt trigger.`
    : ''
