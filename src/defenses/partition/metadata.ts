import type { Model } from '../../onnx/types.ts'
import type { PartitionUnit } from './partitions.ts'

/** What the file says of the vote in it. */
export interface VoteMetadata {
  /** Base models, of which each has a vote. */
  readonly partitions: number
  /** What one change, that moves one vote at most, is. */
  readonly unit: PartitionUnit
}

const partitionsKey = 'bartizan.vote.partitions'
const unitKey = 'bartizan.vote.unit'

export const withVoteMetadata = (model: Model, { partitions, unit }: VoteMetadata): Model => ({
  ...model,
  metadata: { ...model.metadata, [partitionsKey]: String(partitions), [unitKey]: unit },
})

/** Undefined where the file holds no vote. */
export const voteMetadata = ({ metadata }: Pick<Model, 'metadata'>): VoteMetadata | undefined => {
  const partitions = Number(metadata[partitionsKey])
  const unit = metadata[unitKey]
  return Number.isInteger(partitions) && partitions > 0 && (unit === 'rows' || unit === 'sources')
    ? { partitions, unit }
    : undefined
}
