/** Signs of East Asian writing and pictures are two letters wide, capitals somewhat more than one. */
const widthOf = (letter: string): number =>
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
    letter,
  )
    ? 2
    : /[\p{Lu}@%]/u.test(letter)
      ? 1.25
      : 1

const lengthOf = (text: string): number => [...text].reduce((sum, letter) => sum + widthOf(letter), 0)

/** As many letters as fit, from the front of a list. */
const fitting = (letters: readonly string[], width: number): readonly string[] => {
  let left = width
  const end = letters.findIndex((letter) => {
    left -= widthOf(letter)
    return left < 0
  })
  return end < 0 ? letters : letters.slice(0, end)
}

/** A text that is no wider than `width` letters: the middle goes, since names differ at their ends. */
const fitted = (text: string, width: number): string => {
  if (lengthOf(text) <= width) return text
  const letters = [...text]
  const tail = [...fitting([...letters].reverse(), Math.ceil((width - 1) * 0.6))].reverse()
  return `${fitting(letters, width - 1 - lengthOf(tail.join(''))).join('')}…${tail.join('')}`
}

const cut = (text: string, part: RegExp): readonly string[] => (text.match(part) ?? []).filter((piece) => piece !== '')

/**
 * A text in at most `most` lines of `width` letters each, cut after spaces and the marks that part names (after "_" only
 * where a name would not fit otherwise); what does not fit loses its middle.
 */
export const wrappedText = (text: string, width: number, most: number): readonly string[] => {
  const pieces = cut(text, /[^\s\-/,·]*[\s\-/,·]*/g).flatMap((piece) =>
    lengthOf(piece.trimEnd()) <= width ? [piece] : cut(piece, /[^_]*_*/g),
  )
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    const isFull = line !== '' && lengthOf((line + piece).trimEnd()) > width
    if (isFull && lines.length < most - 1) {
      lines.push(line)
      line = piece
    } else line += piece
  }
  return [...lines, line].map((each) => fitted(each.trim(), width))
}
