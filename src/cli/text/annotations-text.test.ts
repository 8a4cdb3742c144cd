import { writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { scratch } from '../../data/testing.ts'
import { assessAnnotations } from '../../screening/annotators/index.ts'
import { annotationsText } from './annotations-text.ts'

const at = scratch()

it('tells agreement, annotators, wrong answers, gold questions and the audit within the width', async () => {
  const lines = Array.from({ length: 30 }, (_, i) => {
    const truth = i % 2 === 0 ? 'yes' : 'no'
    const other = i % 2 === 0 ? 'no' : 'yes'
    return ['ann', 'bob', 'cem', 'eva', 'fay', 'dot'].map(
      (who, w) => `i${i},${who},${i % 10 === w || who === 'dot' ? other : truth},${i === 0 ? 'yes' : ''}`,
    )
  }).flat()
  writeFileSync(at('x.csv'), `item,who,label,truth\n${lines.join('\n')}\n`)
  const columns = { item: 'item', annotator: 'who', label: 'label', gold: 'truth' }
  const result = await assessAnnotations(at('x.csv'), {
    ...columns,
    audit: { bound: 0.2, audited: 10, errors: 0 },
  })
  const text = annotationsText(result, 100)
  expect(
    text
      .split('\n')
      .slice(1)
      .every((line) => line.length <= 100),
  ).toBe(true)
  expect(text).toContain("Krippendorff's alpha, nominal")
  expect(text).toMatch(/dot +30 .*worse than chance/)
  expect(text).toMatch(/answers of 180 probably wrong/)
  expect(text).toContain('gold questions:')
  expect(text).toMatch(/found: 0 wrong of 10/)
  expect(text.endsWith('FAILED')).toBe(true)
  const narrow = annotationsText(result, 60)
  expect(narrow).toContain('dot')
  expect(narrow).not.toMatch(/NaN|undefined/)
})
