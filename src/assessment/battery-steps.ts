import type { PlannedProbe, threatNorms } from './battery.ts'
import { isCorruption } from './corruptions/summary.ts'

export interface BatteryStep {
  readonly title: string
  readonly probes: readonly PlannedProbe[]
}

/** Probes that are announced together: a corruption at all its severities is one step. */
export const stepsOf = (plan: readonly PlannedProbe[]): readonly BatteryStep[] => {
  const steps = new Map<string, PlannedProbe[]>()
  for (const probe of plan) {
    if (probe.notRun) continue
    const title = isCorruption(probe) ? probe.attack.id : probe.id
    steps.set(title, [...(steps.get(title) ?? []), probe])
  }
  return [...steps].map(([title, probes]) => ({ title, probes }))
}

/** The smallest budget of a norm. */
export const leastBudget = (norms: ReturnType<typeof threatNorms>, norm: PlannedProbe['norm']): number =>
  norms.filter((one) => one.norm === norm).reduce((least, { epsilon }) => Math.min(least, ...epsilon), Infinity)
