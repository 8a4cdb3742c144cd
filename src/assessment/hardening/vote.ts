import type { ModelMeasurement, VoteCertificate } from '../../contract/index.ts'
import { certifiedChanges, type VoteMetadata, voteMetadata } from '../../defenses/partition/index.ts'
import type { Classifier } from '../../models/classifier.ts'
import { figure, median } from '../../stats/index.ts'
import { targetOf } from '../../threat/target.ts'
import type { MeasureRequest } from './measure-request.ts'

const rowsAtOnce = 256
/** Points of the curve: every number of changes, or so many that a chart can show. */
const mostPoints = 50

/** What the vote in a file certifies of each row of the assessment; undefined where the file holds no vote. */
const measureVote = async (model: Classifier, rows: MeasureRequest['rows']): Promise<VoteCertificate | undefined> => {
  const vote = voteMetadata(model.source)
  if (!vote) return undefined
  const target = targetOf(model, 'scores')
  const withstands: number[] = []
  for await (const batch of rows.batches(rowsAtOnce)) {
    const scores = await target.logits(batch.x as Float32Array, batch.rows)
    for (let row = 0; row < batch.rows; row++)
      withstands.push(
        certifiedChanges(
          votesIn(scores.subarray(row * model.classes, (row + 1) * model.classes), model),
          batch.y![row]!,
        ),
      )
  }
  return certificate(withstands, vote)
}

/** Votes as they were counted, also where the user opens the file as one of probabilities and sees their logarithms. */
const votesIn = (scores: Float32Array, { output }: Classifier): Float32Array =>
  scores.map((score) => Math.round(output.kind === 'probabilities' ? Math.exp(score) : score))

/** `withstands`: changes that each row withstands, -1 where it is answered wrongly. */
export const certificate = (withstands: readonly number[], { partitions, unit }: VoteMetadata): VoteCertificate => {
  const most = Math.max(0, ...withstands)
  const step = Math.max(1, Math.ceil((most + 1) / mostPoints))
  const changes = [
    ...new Set([0, 1, ...Array.from({ length: Math.ceil((most + 1) / step) }, (_, i) => i * step), most + 1]),
  ]
  return {
    partitions,
    unit,
    median: Math.floor(median(withstands)),
    points: changes
      .sort((a, b) => a - b)
      .map((count) => ({
        changes: count,
        accuracy: figure(withstands.filter((least) => least >= count).length, withstands.length),
      })),
    withstands: [...withstands],
  }
}

/** Both models with what their votes certify, where they hold one. */
export const withVotes = async (
  models: readonly [Classifier, Classifier],
  measured: readonly [ModelMeasurement, ModelMeasurement],
  rows: MeasureRequest['rows'],
): Promise<readonly [ModelMeasurement, ModelMeasurement]> => {
  const [was, is] = [await measureVote(models[0], rows), await measureVote(models[1], rows)]
  return [
    { ...measured[0], ...(was && { vote: was }) },
    { ...measured[1], ...(is && { vote: is }) },
  ]
}
