import { type ContentDetector, codePointName, matches } from './finding.ts'

// An escape sequence of a terminal (ECMA-48) goes as a whole: without its first byte the rest would stay as litter.
const control =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /\u001b\[[0-?]{0,32}[ -/]{0,8}[@-~]|\u001b\][^\u0007\u001b]{0,256}(?:\u0007|\u001b\\)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufff9-\ufffb\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const ruleOf = (found: string): string => {
  const code = found.charCodeAt(0)
  if (found.length > 1) return 'terminal-escape'
  if (code === 0) return 'nul'
  if (code >= 0xd800 && code <= 0xdfff) return 'lone-surrogate'
  return 'control-character'
}

/**
 * Control characters but tab, line feed, carriage return and next line: NUL, terminal escapes, C0, C1, DEL, interlinear
 * annotations, non-characters and lone surrogates. Neutral form: the code point in brackets.
 */
export const controls: ContentDetector = {
  kind: 'control',
  find: (text) =>
    matches(text, control, ([found]) => ({ rule: ruleOf(found), score: 1, neutral: codePointName(found) })),
}
