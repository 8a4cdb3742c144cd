import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markup } from './markup.ts'
import { safeText } from './safe-text.ts'

describe('markup', () => {
  it('escapes what is inserted, and nests what it made itself', () => {
    const inner = markup`<b>${'<script>'}</b>`
    expect(markup`<p title="${'"&\''}">${[inner, 'a', 1, false, undefined]}</p>`.markup).toBe(
      '<p title="&quot;&amp;&#39;"><b>&lt;script&gt;</b>a1</p>',
    )
  })

  it('lets no text open a tag, close an attribute or begin an entity', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = markup`${text}`.markup
        expect(escaped).not.toMatch(/[<>"']/)
        expect(escaped.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
      }),
    )
  })
})

describe('safeText', () => {
  it('replaces escape sequences, lone surrogates and reordering marks, and keeps lines and tabs', () => {
    expect(safeText('a\u001b[31m\u0000b\ud800c\u202ed\te\r\nf\u0085')).toBe(
      'a\ufffd[31m\ufffdb\ufffdc\ufffdd\te\nf\ufffd',
    )
    expect(safeText('é 漢 😀')).toBe('é 漢 😀')
  })
})
