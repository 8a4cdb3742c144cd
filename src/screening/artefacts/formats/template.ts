import type { Place, ScanContext } from '../context.ts'

/**
 * Ways by which a Jinja template leaves the data that it is given: Python's double-underscore attributes, also spelt with
 * escapes or taken with the filter `attr`, and objects that lead to them.
 */
const ways: readonly (readonly [RegExp, string])[] = [
  [/__\w+__/, 'it names a double-underscore attribute'],
  [/\\x5f|\\u005f|\\137/i, 'it spells underscores as escapes'],
  [/\|\s*attr\s*\(/, 'it takes attributes by the filter attr'],
  [/\b(?:lipsum|cycler|joiner)\b\s*[.|[]/, 'it reaches through an object of the engine itself'],
  [/\b(?:os|subprocess|popen|builtins|sys)\s*\.\s*\w+\s*\(/, 'it calls modules of Python'],
  [/\.\s*(?:mro|f_globals|gi_frame|cr_frame|func_globals|f_builtins|f_locals)\b/, 'it reaches into Python’s frames'],
]

/** Reports a chat template that could run code where its engine has no sandbox. */
export const checkTemplate = (text: string, place: Place, context: ScanContext): void => {
  const code = [...text.slice(0, 4_000_000).matchAll(/\{[{%]([\s\S]*?)[}%]\}/g)].map(([, inner]) => inner).join('\n')
  const way = ways.find(([sign]) => sign.test(code))
  if (way !== undefined) context.report('template-code', place, way[1])
}
