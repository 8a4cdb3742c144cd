import { describe, expect, it } from 'vitest'
import { wrappedTable } from './fields.ts'

describe('wrappedTable', () => {
  const columns = [{ title: 'id' }, { title: 'what' }]

  it('goes on below where the last column is too wide', () => {
    expect(wrappedTable(columns, [['a1', 'one two three four five six']], 26).split('\n')).toEqual([
      'id  what',
      '--  ------------------',
      'a1  one two three four',
      '    five six',
    ])
  })

  it('takes more rows than a call has arguments', () => {
    const rows = Array.from({ length: 300_000 }, (_, i) => [`${i}`, 'x'])
    const lines = wrappedTable(columns, rows, 80).split('\n')
    expect(lines).toHaveLength(rows.length + 2)
    expect(lines.at(-1)).toBe('299999  x')
    expect(lines[0]).toBe('id      what')
  })
})
