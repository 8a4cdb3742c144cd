import type { Edit } from './draft.ts'

const cluster = /[\u1100-\u11ff]+|\P{M}\p{M}*/gu

/** What brings a text to Unicode's normal form C, letter by letter, so that places in it stay known. */
export const nfcEdits = (text: string): readonly Edit[] => {
  const whole = text.normalize('NFC')
  if (whole === text) return []
  const edits: Edit[] = []
  let built = ''
  let at = 0
  for (const { index, 0: found } of text.matchAll(cluster)) {
    const composed = found.normalize('NFC')
    built += text.slice(at, index) + composed
    at = index + found.length
    if (composed !== found) edits.push({ start: index, end: at, text: composed })
  }
  return built + text.slice(at) === whole ? edits : [{ start: 0, end: text.length, text: whole }]
}
