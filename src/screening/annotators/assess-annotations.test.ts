import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { annotationsResultSchema } from '../../contract/annotations.ts'
import { failure, scratch } from '../../data/testing.ts'
import { assessAnnotations } from './index.ts'

const at = scratch()
const columns = { item: 'item', annotator: 'who', label: 'label' }

const csv = (name: string, lines: readonly string[], head = 'item,who,label'): string => {
  writeFileSync(at(name), `${[head, ...lines].join('\n')}\n`)
  return at(name)
}

/** Twelve annotators, 5 answers an item; w0 guesses, w2 copies w1, the others are right four times in five. */
const crowd = (items = 240): readonly string[] => {
  const random = stream(11, 'table')
  const labels = ['cat', 'dog', 'owl']
  return Array.from({ length: items }, (_, i) => {
    const truth = random.integer(3)
    const others = new Set<number>()
    while (others.size < 3) others.add(3 + random.integer(9))
    const able = (): number => (random.uniform() < 0.8 ? truth : random.integer(3))
    const copied = able()
    const given = [...(i % 2 === 0 ? [[0, random.integer(3)]] : []), [1, copied], [2, copied]] as [number, number][]
    return [...given, ...[...others].map((w): [number, number] => [w, able()])].map(
      ([w, label]) => `i${i},w${w},${labels[label]}`,
    )
  }).flat()
}

describe('a table of answers', () => {
  it('shows who guesses, who copies, and what is probably wrong', async () => {
    const path = csv('crowd.csv', crowd())
    const result = await assessAnnotations(path, columns)
    expect(result.verdict).toBe('failed')
    expect(result.accused).toEqual({ spammers: 1, contrary: 0, weak: 0, colluding: 2 })
    expect(result.annotators[0]).toMatchObject({ id: 'w0', verdict: 'spammer', answers: 120 })
    expect(result.collusion.groups).toEqual([['w1', 'w2']])
    // They count as one voice: else the two, who always agree, would be the truth.
    const copier = result.annotators.find(({ id }) => id === 'w2')!
    expect(copier.accuracy.value).toBeLessThan(0.95)
    expect(result.settings).toMatchObject({ method: 'dawid-skene', level: 'nominal' })
    expect(result.agreement.krippendorff.figure!.value).toBeGreaterThan(0.3)
    expect(result.agreement.cohen[0]).toMatchObject({ first: 'w1', second: 'w2', items: 240 })
    const [worst] = result.issues
    const line = readFileSync(path, 'utf8').split('\n')[1 + worst!.row]
    expect(line).toBe(`${worst!.item},${worst!.annotator},${worst!.given}`)
    expect(worst!.score).toBeLessThan(0.05)
    expect(result.issueCount).toBeGreaterThanOrEqual(result.issues.length)
  })
  it('is read from JSONL and TSV alike', async () => {
    const lines = crowd(30)
    const csvResult = await assessAnnotations(csv('a.csv', lines), columns)
    const cells = lines.map((line) => line.split(','))
    writeFileSync(
      at('a.jsonl'),
      cells.map(([item, who, label]) => `${JSON.stringify({ item, who, label })}\n`).join(''),
    )
    writeFileSync(at('a.tsv'), ['item\twho\tlabel', ...cells.map((row) => row.join('\t'))].join('\n'))
    for (const name of ['a.jsonl', 'a.tsv']) {
      const { data, ...rest } = await assessAnnotations(at(name), columns)
      expect(rest).toEqual({ ...csvResult, data: undefined })
      expect(data.format).toBe(name.slice(2))
    }
  })
  it('is judged by any method', async () => {
    const path = csv('b.csv', crowd(25))
    for (const method of ['one-coin', 'glad', 'mace', 'majority'] as const) {
      const { consensus, settings } = await assessAnnotations(path, { ...columns, method })
      expect([consensus.method, settings.method]).toEqual([method, method])
    }
  })
  it('writes the consensus and all annotators', async () => {
    const path = csv('c.csv', ['i1,w1,a "b"', 'i1,w2,a "b"', 'i2,w1,c', 'i2,w2,c', 'i3,w1,c'])
    await assessAnnotations(path, { ...columns, consensusOut: at('out.csv'), annotatorsOut: at('who.csv') })
    const out = readFileSync(at('out.csv'), 'utf8').split('\n')
    expect(out.slice(0, 2)).toEqual([
      'item,label,probability,answers',
      expect.stringMatching(/^"i1","a ""b""",0\.9\d*,2$/),
    ])
    expect(out).toHaveLength(5)
    expect(readFileSync(at('who.csv'), 'utf8').split('\n')).toHaveLength(4)
  })
})

describe('gold questions and audits', () => {
  it('come from a column or a file, and say who is right', async () => {
    const lines = ['i1,w1,a,a', 'i1,w2,b,a', 'i2,w1,b,', 'i2,w2,b,', 'i3,w1,a,c', 'i3,w2,a,c']
    const column = await assessAnnotations(csv('g.csv', lines, 'item,who,label,truth'), { ...columns, gold: 'truth' })
    expect(column.gold).toMatchObject({ items: 2, answers: 4, accuracy: { value: 0.25, n: 4 } })
    expect(column.issues.map(({ item, suggested }) => `${item} ${suggested}`)).toContain('i3 c')
    expect(column.classes.find(({ name }) => name === 'c')).toEqual({ name: 'c', answers: 0, items: 1 })
    const goldFile = csv('known.csv', ['i1,a', 'i3,c', 'elsewhere,b'], 'item,label')
    const file = await assessAnnotations(
      csv(
        'h.csv',
        lines.map((line) => line.replace(/,[^,]*$/, '')),
      ),
      {
        ...columns,
        goldFile,
      },
    )
    expect([file.gold, file.counts.items]).toEqual([column.gold, 3])
  })
  it('contradict themselves: a clear error', async () => {
    const path = csv('two.csv', ['i1,w1,a,a', 'i1,w2,b,b'], 'item,who,label,truth')
    await failure('DATA_LABEL_INVALID', () => assessAnnotations(path, { ...columns, gold: 'truth' }))
  })
  it('plan an audit of the items, and judge one', async () => {
    const path = csv('d.csv', crowd(100))
    const { audit } = await assessAnnotations(path, { ...columns, audit: { bound: 0.05, audited: 60, errors: 0 } })
    expect(audit).toMatchObject({ population: 100, tolerated: 0, outcome: { verdict: 'passed' } })
    expect(new Set(audit!.sample).size).toBe(audit!.size)
    const failed = await assessAnnotations(path, { ...columns, audit: { bound: 0.05, audited: 50, errors: 20 } })
    expect([failed.verdict, failed.reasons.join()]).toEqual(['failed', expect.stringContaining('audit')])
  })
})

describe('tables that tell little', () => {
  it.each<readonly [string, readonly string[], string]>([
    ['one answer', ['i,w,x'], 'inconclusive'],
    ['everyone agrees on one label', ['i,a,x', 'i,b,x', 'j,a,x', 'j,b,x'], 'inconclusive'],
    ['every item has one answer', ['i,a,x', 'j,b,y', 'k,c,x'], 'inconclusive'],
    ['an annotator repeats an answer', ['i,a,x', 'i,a,y', 'i,b,x', 'j,a,y', 'j,b,y'], 'inconclusive'],
    ['labels are missing', ['i,a,x', 'i,b,', ',c,y', 'j,,x', 'j,a,y'], 'inconclusive'],
  ])('%s', async (name, lines, verdict) => {
    const result = await assessAnnotations(csv(`${name}.csv`, lines), columns)
    expect(result.verdict).toBe(verdict)
    expect(JSON.stringify(result)).not.toMatch(/NaN|Infinity/)
    expect(annotationsResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result)
  })
  it('count what was left out', async () => {
    const { counts, notes } = await assessAnnotations(csv('m.csv', ['i,a,x', 'i,b,', ',c,y', 'i,a,x']), columns)
    expect(counts).toMatchObject({ rows: 4, answers: 2, incomplete: 2, repeated: 1, singleAnswer: 1 })
    expect(notes.join('\n')).toMatch(/2 of 4 rows/)
  })
  it('are refused where nothing is there, or a column is missing or named twice', async () => {
    await failure('DATA_CORRUPT', () => assessAnnotations(csv('e.csv', ['i,a,', 'j,b,']), columns))
    const path = csv('f.csv', ['i,a,x'])
    await failure('CONFIG_INVALID', () => assessAnnotations(path, { ...columns, label: 'lable' }))
    await failure('CONFIG_INVALID', () => assessAnnotations(path, { ...columns, label: 'who' }))
    await failure('CONFIG_INVALID', () => assessAnnotations(path, { ...columns, smoothing: Number.NaN }))
    await failure('CONFIG_INVALID', () => assessAnnotations(path, { ...columns, falseDiscoveryRate: 0 }))
    await failure('DATA_LABEL_INVALID', () => assessAnnotations(path, { ...columns, level: 'ratio' }))
  })
})
