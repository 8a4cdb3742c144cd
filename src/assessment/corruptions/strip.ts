import { attacks } from '../../attacks/index.ts'
import type { CorruptionStrip, Corruptions } from '../../contract/index.ts'
import { runAttack } from '../../threat/runner.ts'
import type { ProbeRecord } from '../probe-record.ts'
import { type Picture, rowPicture } from '../report/index.ts'
import type { Subject } from '../subject.ts'

export interface StripRequest {
  readonly subject: Pick<Subject, 'model' | 'set' | 'input'>
  readonly records: readonly ProbeRecord[]
  readonly seed: number
  /** Takes the pictures, by name. */
  readonly pictures: Map<string, Picture>
}

/** The severity that is shown: 3, or the nearest that was measured. */
const shownOf = (severities: readonly number[]): number =>
  severities.reduce((best, severity) => (Math.abs(severity - 3) < Math.abs(best - 3) ? severity : best))

/**
 * The first row that the model gets right, under each corruption: made again from the seed, since corrupted rows are not
 * kept. Undefined where rows are no pictures, or none is right.
 */
export const corruptionStrip = async (
  { severities, table }: Corruptions,
  { subject, records, seed, pictures }: StripRequest,
): Promise<CorruptionStrip | undefined> => {
  const { model, set, input } = subject
  const severity = shownOf(severities)
  const shown = table.flatMap(({ accuracies }) => {
    const probe = accuracies.find((entry) => entry.severity === severity)?.probe
    return records.filter(({ id }) => id === probe)
  })
  const at = shown[0]?.outcome.right.indexOf(true) ?? -1
  if (at < 0) return undefined
  const { x, y } = await set.read(at, at + 1)
  const clean = rowPicture(x as Float32Array, input)
  if (!clean || !y) return undefined
  const [low, high] = input.range
  const corrupted = []
  for (const { attack: id } of shown) {
    const attack = attacks.get(id)!
    const firstRow = set.offset + at
    const request = {
      attack,
      model,
      labels: y,
      norm: 'severity',
      epsilon: severity,
      low,
      high,
      seed,
      firstRow,
    } as const
    const { adversarial, after } = await runAttack({ ...request, x: x as Float32Array })
    const name = `corruptions/${id}`
    pictures.set(name, rowPicture(adversarial, input)!)
    corrupted.push({ attack: id, predicted: after[0]!, picture: name })
  }
  pictures.set('corruptions/clean', clean)
  return { row: set.offset + at, label: y[0]!, severity, clean: 'corruptions/clean', corrupted }
}
