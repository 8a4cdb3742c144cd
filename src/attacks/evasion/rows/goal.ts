import type { AttackContext } from '../../../threat/attack.ts'

/** Whether a prediction is what the attack wants of this row: its target, or anything but its label. */
export const isBroken = ({ labels, targets }: AttackContext, row: number, predicted: number): boolean =>
  targets ? predicted === targets[row] : predicted !== labels[row]

/** Classes but the row's label, likeliest first, at most `count`: what multi-targeted attacks aim at in turn. */
export const likeliestOthers = (logits: Float32Array, label: number, count: number): readonly number[] =>
  Array.from(logits.keys())
    .filter((k) => k !== label)
    .sort((a, b) => logits[b]! - logits[a]!)
    .slice(0, count)

/** Aims of every row, in order: the given target where there is one, else the likeliest other classes. */
export const aimsOf = async (context: AttackContext, count: number): Promise<readonly (readonly number[])[]> => {
  const { target, targets, x0, rows, labels } = context
  if (targets) return Array.from(targets, (aim) => [aim])
  const logits = await target.logits(x0, rows)
  return Array.from(labels, (label, row) =>
    likeliestOthers(logits.subarray(row * target.classes, (row + 1) * target.classes), label, count),
  )
}
