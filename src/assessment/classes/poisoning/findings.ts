import type { Finding, PoisonedPoint, PoisoningResult, ScreenedPoint, Severity } from '../../../contract/index.ts'
import type { AnyPoisonAttack } from '../../../threat/poisoning.ts'
import { percent } from '../../report/format.ts'

/** Success from which a backdoor or a targeted attack counts as one that works, and the loss of accuracy that is harm. */
const works = 0.5
const harm = 0.05

/** What a result means to the owner of the model, where it means harm; the smallest poisoned share that does it. */
export const findingOf = (
  attack: AnyPoisonAttack,
  probe: string,
  { points, target }: PoisoningResult,
  reproduce: string,
): Finding | undefined => {
  const [clean, ...poisoned] = points
  const worst = poisoned.find((point) => isHarm(attack, point, clean!))
  if (!worst) return undefined
  const share = percent(worst.fraction)
  const success = worst.success
  const trigger = attack.aim === 'backdoor'
  return {
    id: probe,
    severity: severityAt(worst.fraction, attack),
    title:
      success === null
        ? `${share} poisoned rows cost ${percent(clean!.accuracy.value - worst.accuracy.value).replace(' %', '')} points of accuracy (${attack.id})`
        : trigger
          ? `${share} poisoned rows give a trigger that works on ${percent(success.value)} of the rows (${attack.id})`
          : `${share} poisoned rows turn ${percent(success.value)} of the rows that are meant (${attack.id})`,
    meaning:
      success === null
        ? `A copy of the model that learned from such rows is right on ${percent(worst.accuracy.value)} of clean rows, ${percent(clean!.accuracy.value)} without poison. Whoever can write so many training rows can do this.`
        : `A copy of the model that learned from such rows gives class ${target} where the attacker wants it, and still is right on ${percent(worst.accuracy.value)} of clean rows: its accuracy doesn't show it.`,
    reproduce,
    remedy: remedyFor(worst, clean!, attack),
    probe,
  }
}

const isHarm = ({ aim }: AnyPoisonAttack, { success, accuracy }: PoisonedPoint, clean: PoisonedPoint): boolean =>
  aim === 'availability' || success === null
    ? clean.accuracy.value - accuracy.value >= harm && accuracy.high < clean.accuracy.low
    : success.value >= works && (clean.success === null || clean.success.value < works)

const severityAt = (fraction: number, { aim }: AnyPoisonAttack): Severity =>
  aim === 'availability' ? (fraction <= 0.05 ? 'medium' : 'low') : fraction <= 0.05 ? 'high' : 'medium'

const remedyFor = (worst: PoisonedPoint, clean: PoisonedPoint, attack: AnyPoisonAttack): string => {
  const stopped = (screened: ScreenedPoint): boolean =>
    screened.accuracy !== null &&
    !isHarm(attack, { ...worst, accuracy: screened.accuracy, success: screened.success }, clean)
  const screens = worst.screens.filter(stopped).map(({ screen }) => screen)
  const first =
    screens.length > 0
      ? `Screen training rows before they are learned from: ${screens.join(' and ')} stopped this attack at this share.`
      : worst.screens.length > 0 && worst.screens.every(({ verdict }) => verdict === 'cannot tell')
        ? 'No screen that was tried could tell anything of these rows.'
        : worst.screens.length > 0
          ? 'No screen that was tried stopped this attack at this share: do not rest on screening.'
          : 'No screen was tried: name some in poisoning.screens.'
  return `${first} Take rows from sources that you know, record where each comes from, and train with --method partition-aggregation, which certifies how many poisoned rows or sources a prediction survives, or --method trimmed-loss.`
}
