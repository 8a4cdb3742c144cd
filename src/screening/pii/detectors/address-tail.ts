import type { Emit } from '../detector.ts'
import { type Scan, startsUpper } from '../scan.ts'
import { states, unitWords } from '../words/streets.ts'

const tailForms: readonly RegExp[] = [
  // ", Springfield, IL 62704-1234"; "Toronto, ON M5V 2T6"; a state without a postcode
  /^,? ?(?:\r?\n)?[ ,]{0,2}\p{Lu}[\p{L}'’-]{1,20}(?:[ -]\p{Lu}[\p{L}'’-]{1,20}){0,2},? ([A-Z]{2,3}),? (?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4})(?!\w)/u,
  // ", 10115 Berlin", ", 1234 AB Amsterdam", ", 00-950 Warszawa"
  /^,? ?(?:\r?\n)?[ ,–-]{0,3}(?:[A-Z]{1,2}-)?(?:\d{4,5}(?:-\d{3,4})?|\d{3} \d{2}|\d{2}-\d{3})(?: ?[A-Z]{2}(?![\w]))? \p{Lu}[\p{L}'’-]{1,24}(?:[ -]\p{Lu}[\p{L}'’-]{1,20}){0,2}/u,
  // ", London SW1A 1AA"
  /^,? ?(?:\r?\n)?[ ,]{0,2}\p{Lu}[\p{L}'’-]{1,20}(?:[ -]\p{Lu}[\p{L}'’-]{1,20}){0,2},? [A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?!\w)/u,
]
const unit = /^,? ?(?:#|№)? ?(\p{L}{1,12})\.?º? ?(?:no\.? ?)?#?(\d{1,5}[A-Za-z]?|[A-Z])(?![\w])/u
const hash = /^,? #\d{1,5}[A-Za-z]?(?!\w)/
const reach = 120

/** The flat, the postcode and the town that follow a street and number. */
export const extended = (scan: Scan, end: number): { readonly end: number; readonly town: boolean } => {
  const { text } = scan
  let at = end
  for (let n = 0; n < 2; n++) {
    const rest = text.slice(at, at + 40)
    const flat = unit.exec(rest)
    if (flat && unitWords.has(flat[1]!.toLowerCase())) at += flat[0].length
    else at += hash.exec(rest)?.[0].length ?? 0
  }
  const rest = text.slice(at, at + reach)
  const town = tailForms
    .map((form) => form.exec(rest))
    .find((found) => found && (found[1] === undefined || states.has(found[1])))
  return { end: at + (town?.[0].length ?? 0), town: town != null }
}

const box =
  /^(?:P\.? ?O\.? ?Box|Post Office Box|Postfach|Boîte Postale|Apartado(?: de Correos)?|Casella Postale|Caixa Postal|Postbus|Skrytka pocztowa|Postboks|Box)[ .:]{1,2}\d[\d ]{0,7}\d?(?!\w)/iu

export const boxes = (scan: Scan, word: number, emit: Emit): boolean => {
  const { text, starts } = scan
  for (let i = Math.max(0, word - 3); i < word; i++) {
    if (!(scan.flags[i]! & startsUpper)) continue
    const found = box.exec(text.slice(starts[i], starts[i]! + 40))
    if (!found || (/^box/i.test(found[0]) && !/^Box \d{2,5}$/.test(found[0])) || /^Box/.test(found[0])) continue
    const { end } = extended(scan, starts[i]! + found[0].trimEnd().length)
    emit({ kind: 'address', start: starts[i]!, end, score: 0.85, rule: 'post-box', evidence: ['form'] })
    return true
  }
  return false
}
