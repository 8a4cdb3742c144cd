import type { Finding, Gate } from '../../contract/index.ts'
import type { ProbeRecord } from '../probe-record.ts'
import { percent } from '../report/format.ts'
import { isCorruption, summariseCorruptions } from './summary.ts'

/** Losing one right row in twenty is more than label noise explains. */
const noticeable = 0.05

/** How many of the worst corruptions are named. */
const named = 3

interface CorruptionContext {
  readonly records: readonly ProbeRecord[]
  readonly gates: readonly Gate[]
  reproduce(record: ProbeRecord): string
}

/** What corruptions cost, as one finding; none where hardly a row is lost. */
export const corruptionFinding = ({ records, gates, reproduce }: CorruptionContext): readonly Finding[] => {
  const corruptions = summariseCorruptions(records)
  const clean = records.find(isCorruption)?.result.cleanAccuracy.value ?? 0
  if (!corruptions || clean === 0) return []
  const { table, severities, mean, worst } = corruptions
  const lost = (accuracy: number): number => 1 - accuracy / clean
  const lowest = table.find(({ attack }) => attack === worst)!
  if (lost(lowest.mean.value) < noticeable) return []
  const failed = gates.find((gate) => !gate.passed && gate.norm === 'severity' && gate.metric === 'robust-accuracy')
  const worstFew = [...table].sort((a, b) => a.mean.value - b.mean.value).slice(0, named)
  const probe = lowest.accuracies.at(-1)!.probe
  const record = records.find(({ id }) => id === probe)!
  const first = severities[0]!
  const last = severities.at(-1)!
  const span = first === last ? `severity ${first}` : `severities ${first} to ${last}`
  return [
    {
      id: 'corruptions',
      severity: failed ? 'high' : lost(mean.value) >= 0.25 ? 'medium' : 'low',
      title: `Common corruptions turn ${percent(lost(mean.value))} of the right predictions, ${worst} ${percent(lost(lowest.mean.value))}`,
      meaning: `Over ${table.length} ${table.length === 1 ? 'corruption' : 'corruptions'} at ${span}, accuracy falls from ${percent(clean)} to ${percent(mean.value)} on average; lowest are ${worstFew.map(({ attack, mean: own }) => `\`${attack}\` (${percent(own.value)})`).join(', ')}${failed ? `. The gate \`${failed.id}\` requires more` : ''}. Nobody needs to attack: cameras, weather and compression do this by themselves.`,
      reproduce: reproduce(record),
      remedy: `Train with images changed like this (${worstFew.map(({ attack }) => attack).join(', ')}), or refuse bad images before the model sees them. Then assess again: only this measurement shows whether it helped.`,
      probe,
    },
  ]
}
