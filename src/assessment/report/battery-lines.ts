import type { EvasionProbe, Report } from '../../contract/index.ts'
import { count } from './format.ts'
import { evasionProbes } from './probes-of.ts'

/** More attacks than this are counted rather than named. */
const named = 8

/** Attacks that the battery has no probe of, a line a reason: "bim: pgd takes the same steps, from random starts". */
export const leftOutLines = ({ battery }: Pick<Report, 'battery'>): readonly string[] => {
  const byReason = new Map<string, string[]>()
  for (const { attack, reason } of battery?.leftOut ?? [])
    byReason.set(reason, [...(byReason.get(reason) ?? []), attack])
  return [...byReason].map(([reason, attacks]) => {
    const [first, last] = [attacks[0]!, attacks.at(-1)!]
    return `${attacks.length > named ? `${count(attacks.length)} attacks, ${first} to ${last}` : attacks.join(', ')}: ${reason}`
  })
}

/** "standard battery: 12 of 52 attacks have a place"; undefined where the configuration lists its attacks. */
export const batteryLine = ({ battery, probes }: Pick<Report, 'battery' | 'probes'>): string | undefined => {
  if (!battery) return undefined
  const placed = new Set(probes.map(({ attack }) => attack)).size
  return `${battery.effort} battery: ${count(placed)} of ${count(placed + battery.leftOut.length)} attacks have a place`
}

/** Of probes that attack only what is left: "3 rows that attacks before it had broken are left out". */
export const standingLine = ({ alreadyBroken }: Pick<EvasionProbe, 'alreadyBroken'>): string | undefined =>
  alreadyBroken === undefined
    ? undefined
    : `${count(alreadyBroken)} ${alreadyBroken === 1 ? 'row' : 'rows'} that attacks before it had broken ${alreadyBroken === 1 ? 'is' : 'are'} left out`

/** The same of every probe that had rows to leave out, for lists. */
export const standingLines = (report: Pick<Report, 'probes'>): readonly string[] =>
  evasionProbes(report).flatMap((probe) => {
    const line = standingLine(probe)
    return line === undefined || probe.alreadyBroken === 0 ? [] : [`${probe.id}: ${line}`]
  })
