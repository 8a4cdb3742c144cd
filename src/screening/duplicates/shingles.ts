/** Longer texts are compared by their beginning. */
const longest = 20_000

/** Characters of a shingle. */
const width = 5

const fnv = (text: string, from: number, to: number): number => {
  let hash = 0x811c9dc5
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The text as it is compared: compatible forms and case folded, runs of white space as one space. */
export const foldText = (text: string): string =>
  text.slice(0, longest).normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()

/** Hashes of every run of five characters of the folded text; of the text itself where it is shorter. Each once. */
export const textShingles = (text: string): Uint32Array => {
  const folded = foldText(text)
  if (folded === '') return new Uint32Array()
  const hashes = new Set<number>()
  for (let i = 0; i === 0 || i + width <= folded.length; i++)
    hashes.add(fnv(folded, i, Math.min(folded.length, i + width)))
  return Uint32Array.from(hashes).sort()
}

/** One hash a cell, so that rows are compared as sets of (column, value). Each once. */
export const cellShingles = (cells: readonly (string | null)[]): Uint32Array => {
  const hashes = new Set<number>()
  cells.forEach((cell, column) => {
    if (cell === null) return
    const text = `${column}\u0000${cell}`
    hashes.add(fnv(text, 0, text.length))
  })
  return Uint32Array.from(hashes).sort()
}

/** |A ∩ B| / |A ∪ B| of two ascending sets; 0 where both are empty, since nothing then speaks for likeness. */
export const jaccard = (a: Uint32Array, b: Uint32Array): number => {
  let [i, j, both] = [0, 0, 0]
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      both++
      i++
      j++
    } else if (a[i] < b[j]) i++
    else j++
  }
  const union = a.length + b.length - both
  return union === 0 ? 0 : both / union
}
