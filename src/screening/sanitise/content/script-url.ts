/** One letter as a browser reads it in an attribute: itself, or a character reference of it. */
const letter = (character: string): string => {
  const [low, high] = [character.toLowerCase().charCodeAt(0), character.toUpperCase().charCodeAt(0)]
  const codes = [...new Set([low, high])]
  const decimal = codes.join('|')
  const hexadecimal = codes.map((code) => code.toString(16)).join('|')
  return `(?:${character}|&#0{0,6}(?:${decimal});?|&#x0{0,6}(?:${hexadecimal});?)`
}

/** Browsers skip tabs and line breaks inside a scheme. */
const gap = '(?:[\\t\\r\\n]|&tab;|&newline;|&#0{0,6}(?:9|10|13);?|&#x0{0,6}[9ad];?){0,4}'
const spelled = (scheme: string): string => [...scheme].map(letter).join(gap)
const colon = `${gap}(?::|&colon;|&#0{0,6}58;?|&#x0{0,6}3a;?)`

/**
 * A URL that runs a script: `javascript:`, `vbscript:`, or `data:` of a type that a browser renders, also where its
 * letters are written as character references or parted by line breaks. What already follows `unsafe:` is harmless.
 */
export const scriptUrl = new RegExp(
  `(?<![a-z0-9+.-]|unsafe:)(?:(?:${spelled('javascript')}|${spelled('vbscript')})${colon}|data:(?:text/html|text/xml|application/xhtml\\+xml|application/xml|image/svg\\+xml|text/javascript|application/javascript)(?=[;,]))`,
  'gi',
)
