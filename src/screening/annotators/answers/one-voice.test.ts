import { expect, it } from 'vitest'
import { oneVoiceEach } from './one-voice.ts'
import { answersByAnnotator } from './testing.ts'

it('keeps the first answer of a group to each item, and all of the others', () => {
  const answers = answersByAnnotator({ a: 'x x .', b: 'x y y', c: 'y x x', d: '. y x' })
  const kept = oneVoiceEach(answers, [[1, 3]])
  const told = Array.from(kept.item, (item, i) => `${item}${answers.annotators[kept.annotator[i]!]}`)
  expect(told).toEqual(['0a', '0b', '0c', '1a', '1b', '1c', '2b', '2c'])
  expect([...kept.start]).toEqual([0, 3, 6, 8])
  expect(Array.from(kept.label, (label) => answers.classes[label])).toEqual([...'xxyxyxyx'])
  expect(oneVoiceEach(answers, [])).toBe(answers)
})
