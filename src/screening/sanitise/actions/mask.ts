const shown = /[\p{L}\p{N}\p{M}]/u

/**
 * Letters and digits as asterisks, everything else as it is, so that the shape stays. The last `keep` letters and digits
 * stay too, unless they are more than half of what there is.
 */
export const masked = (value: string, keep = 0): string => {
  const characters = [...value]
  const visible = characters.filter((character) => shown.test(character)).length
  let left = visible - (keep * 2 <= visible + countMasked(characters) ? keep : 0)
  return characters.map((character) => (shown.test(character) && left-- > 0 ? '*' : character)).join('')
}

/** Asterisks that an earlier mask left count as characters, or masking twice would take what the first time kept. */
const countMasked = (characters: readonly string[]): number =>
  characters.reduce((count, character) => count + (character === '*' ? 1 : 0), 0)
