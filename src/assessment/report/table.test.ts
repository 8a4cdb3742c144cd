import { describe, expect, it } from 'vitest'
import { displayWidth, renderTable, wrapText } from './table.ts'

const columns = [
  { title: 'name' },
  { title: 'value', align: 'right' },
  { title: 'note', dispensable: 1 },
  { title: 'more', dispensable: 2 },
] as const

describe('renderTable', () => {
  it('aligns its columns', () => {
    expect(
      renderTable(
        columns.slice(0, 2),
        [
          ['a', '10'],
          ['漢字', '9'],
        ],
        40,
      ),
    ).toBe(['name  value', '----  -----', 'a        10', '漢字      9'].join('\n'))
  })

  it('leaves out dispensable columns before it cuts one', () => {
    const rows = [['abc', '1', 'some note', 'some more']]
    expect(renderTable(columns, rows, 40)).toContain('more')
    expect(renderTable(columns, rows, 26)).not.toContain('more')
    expect(renderTable(columns, rows, 26)).toContain('some note')
    expect(renderTable(columns, rows, 12)).not.toContain('note')
    expect(renderTable([{ title: 'x' }], [['abcdefghij']], 6)).toContain('abcde…')
  })

  it.each([20, 40, 80])('is nowhere wider than %d', (width) => {
    const table = renderTable(columns, [['x'.repeat(90), '1', 'y'.repeat(30), 'z']], width)
    for (const line of table.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width)
  })

  it('lets no control character through', () => {
    const lines = renderTable([{ title: 'x' }], [['\u001b[2Ja\nb\u0007']], 40).split('\n')
    expect(lines).toHaveLength(3)
    expect(lines.join('')).not.toMatch(/\p{Cc}/u)
  })
})

describe('wrapText', () => {
  it('breaks between words, indents what follows and keeps long words whole', () => {
    expect(wrapText('- one two three loooooooooong x', 10, '  ')).toBe('- one two\n  three\n  loooooooooong\n  x')
  })
})
