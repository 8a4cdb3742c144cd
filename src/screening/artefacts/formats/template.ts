import type { Place, ScanContext } from '../context.ts'
import { type TemplateCode, templateCode } from './template-code.ts'

type Way = readonly [(code: TemplateCode) => boolean, string]

const bare =
  (sign: RegExp) =>
  (code: TemplateCode): boolean =>
    sign.test(code.bare)
const anyText =
  (sign: RegExp) =>
  ({ texts }: TemplateCode): boolean =>
    texts.some((text) => sign.test(text))

/**
 * Ways by which a Jinja template leaves the data that it is given: Python's double-underscore attributes, also put
 * together from parts or taken with the filter `attr`, and objects that lead to them.
 */
const ways: readonly Way[] = [
  [({ whole }) => /__\w+__/.test(whole), 'it names a double-underscore attribute'],
  [anyText(/__\w|[^\W_]__/), 'it spells a double-underscore attribute as a text, or in parts'],
  [({ whole }) => /\\x5f|\\u005f|\\U0000005f|\\137|\\N\{/i.test(whole), 'it spells underscores as escapes'],
  [bare(/\.\s*_/), 'it takes a private attribute'],
  [bare(/\|\s*attr\b/), 'it takes attributes by the filter attr'],
  [({ whole }) => /\bmap\s*\(\s*["']attr["']/.test(whole), 'it takes attributes by the filter attr'],
  [
    bare(/\blipsum\b|\b(?:cycler|joiner|namespace|self)\b[\s)]*[.|[](?!\s*\w+\s*=)/),
    'it reaches through an object of the engine itself',
  ],
  [bare(/""\s*\[\s*[^\s\d:-]/), 'it takes a computed attribute of a text'],
  [bare(/[\w)\]]\s*\[[^[\]]*~/), 'it takes an attribute whose name it puts together'],
  [({ whole }) => /["']_+["']\s*[*~+]|[*~+]\s*["']_+["']/.test(whole), 'it puts underscores together'],
  [anyText(/%c/), 'it puts a text together from numbers'],
  [bare(/""\s*\|\s*(?:replace|reverse|join)\b|""\s*\[\s*:?\s*:?\s*-/), 'it writes a name in another form than it uses'],
  [bare(/\b(?:os|subprocess|popen|builtins|sys)\s*\.\s*\w+\s*\(/), 'it calls modules of Python'],
  [
    bare(/\.\s*(?:mro|f_globals|gi_frame|cr_frame|func_globals|f_builtins|f_locals)\b/),
    'it reaches into Python’s frames',
  ],
]

const longest = 4_000_000

/** Reports a chat template that could run code where its engine has no sandbox. */
export const checkTemplate = (text: string, place: Place, context: ScanContext): void => {
  const code = templateCode(text.slice(0, longest))
  const way = ways.find(([holds]) => holds(code))
  if (way !== undefined) context.report('template-code', place, way[1])
  else if (text.length > longest) context.unscanned(place.artefact, 'its template is too long to read')
}
