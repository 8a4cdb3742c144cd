const unprintable = /[\p{Cc}\p{Surrogate}\ufffe\uffff]/gu
const reordering = /[\u202a-\u202e\u2066-\u2069]/g

/**
 * Text from a model or a data set made fit to show: control characters, lone surrogates and characters that reorder
 * their surroundings become U+FFFD. Tabs and line feeds stay. What is left is valid in XML 1.0.
 */
export const safeText = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(unprintable, (char) => (char === '\n' || char === '\t' ? char : '\ufffd'))
    .replace(reordering, '\ufffd')

/** The same on one line. */
export const oneLine = (text: string): string => safeText(text.replace(/\s+/g, ' ')).trim()
