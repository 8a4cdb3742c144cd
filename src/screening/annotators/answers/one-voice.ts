import type { Answers } from './answers.ts'

/**
 * The answers with every group of annotators as one voice: of a group's answers to an item only the first is kept, so that
 * those who copy one another don't outvote the others. Items, annotators and classes keep their numbers.
 */
export const oneVoiceEach = (answers: Answers, groups: readonly (readonly number[])[]): Answers => {
  if (groups.length === 0) return answers
  const { item, annotator, items } = answers
  const groupOf = new Map(groups.flatMap((group, g) => group.map((w) => [w, g] as const)))
  const spoken = new Map<number, number>()
  const kept = Uint32Array.from(
    Array.from(item.keys()).filter((a) => {
      if (a === 0 || item[a] !== item[a - 1]) spoken.clear()
      const group = groupOf.get(annotator[a]!)
      if (group === undefined) return true
      const speaker = spoken.get(group) ?? annotator[a]!
      spoken.set(group, speaker)
      return speaker === annotator[a]
    }),
  )
  const taken = (from: Uint32Array): Uint32Array => kept.map((a) => from[a]!)
  const start = new Uint32Array(items.length + 1)
  for (const a of kept) start[item[a]! + 1]!++
  for (let i = 0; i < items.length; i++) start[i + 1]! += start[i]!
  return {
    ...answers,
    start,
    item: taken(item),
    annotator: taken(annotator),
    label: taken(answers.label),
    row: taken(answers.row),
  }
}
