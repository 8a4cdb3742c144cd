import { type Phrase, phrasesAround, within } from '../context.ts'
import { clamp, type Detector } from '../detector.ts'
import { hintedRegions } from '../language.ts'
import { inOpaque } from '../opaque.ts'
import { numberRules } from '../rules/index.ts'
import { expanded, type NumberRule, ownNameBonus, regionBonus, scoreAlone, scoreNear } from '../rules/number-rule.ts'
import { hasDigit, hasForeign, isUnspaced, type Scan } from '../scan.ts'
import { otherNumbers } from '../words/other-numbers.ts'

interface ShapedRule {
  readonly rule: NumberRule
  readonly shape: string
  readonly alone: number
  readonly near: number
}

const wordInShape = /[9A]+/g
const longestWord = 24
const mostWords = 8

const shaped = (() => {
  const whole = new Map<string, ShapedRule[]>()
  /** What a shape may begin with, up to the end of a word: where a search may stop. */
  const beginnings = new Set<string>()
  for (const rule of numberRules) {
    for (const shape of rule.shapes.flatMap(expanded)) {
      const entry = { rule, shape, alone: scoreAlone(rule, shape), near: scoreNear(rule, shape) }
      whole.set(shape, [...(whole.get(shape) ?? []), entry])
      for (const word of shape.matchAll(wordInShape)) beginnings.add(shape.slice(0, word.index + word[0].length))
    }
  }
  return { whole, beginnings }
})()

/** Which rules' topics hold a phrase. */
const rulesOfPhrase = (() => {
  const index = new Map<string, Set<NumberRule>>()
  for (const rule of numberRules)
    for (const phrase of rule.topic.phrases) index.set(phrase, (index.get(phrase) ?? new Set()).add(rule))
  return index
})()

const runRules = numberRules.filter(({ topic }) => topic.runs.length > 0)

/** The nearest phrase for each rule that has one, up to the first that names another sort of number. */
const contextOf = (phrases: readonly Phrase[]) => {
  const found = new Map<NumberRule, string>()
  for (const phrase of phrases) {
    for (const rule of rulesOfPhrase.get(phrase.text) ?? []) if (!found.has(rule)) found.set(rule, phrase.text)
    if (phrase.unspaced)
      for (const rule of runRules) {
        const run = within(rule.topic, phrase)
        if (run !== undefined && !found.has(rule)) found.set(rule, run)
      }
    const other = within(otherNumbers, phrase)
    if (other !== undefined && !rulesOfPhrase.has(phrase.text)) return { found, other }
  }
  return { found, other: undefined }
}

/** The shape of a word: `9` for digits, `A` for letters; undefined for words that no number has. */
const shapeOfWord = ({ text, starts, ends, flags }: Scan, index: number): string | undefined => {
  const length = ends[index]! - starts[index]!
  if (length > longestWord || flags[index]! & (hasForeign | isUnspaced)) return undefined
  if (flags[index] === hasDigit) return '9'.repeat(length)
  let shape = ''
  for (let at = starts[index]!; at < ends[index]!; at++) shape += text.charCodeAt(at) <= 57 ? '9' : 'A'
  return shape
}

const isDigitAt = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

const isAlnumAt = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at) | 32
  return isDigitAt(text, at) || (code >= 97 && code <= 122)
}

/** Whether the span is only a part of a longer number or name: of a path, a decimal, a longer id. */
export const isPart = (text: string, start: number, end: number): boolean => {
  const before = text[start - 1] ?? ' '
  if ('-./_+\\@$%'.includes(before) && (isAlnumAt(text, start - 2) || '_+\\@$'.includes(before))) return true
  if (before === ',' && isDigitAt(text, start - 2)) return true
  const after = text[end] ?? ' '
  if (after === '\\' && /[nrt]/.test(text[end + 1] ?? '')) return false
  if ('-./_+\\@%'.includes(after) && isAlnumAt(text, end + 1)) return true
  if ('_%'.includes(after)) return true
  return (after === ',' || after === ':') && isDigitAt(text, end + 1)
}

/** Whether a group of digits goes on before or after the span with a single space between. */
const inRow = ({ text }: Scan, start: number, end: number): boolean =>
  (text[start - 1] === ' ' && isDigitAt(text, start - 2)) || (text[end] === ' ' && isDigitAt(text, end + 1))

/**
 * Numbers of a fixed form: every run of up to eight words, at least one with a digit, that are one separator apart is
 * turned into its shape (`12345678-Z` is `99999999-A`) and looked up among the shapes of all rules. No regex runs over
 * the text, and a rule's check runs only where its score can reach the wanted one.
 */
export const numbers: Detector = {
  kinds: ['card', 'national-id', 'vat', 'bank-account'],
  find(scan, emit, minScore) {
    const { text, starts, ends, flags, digitWords } = scan
    let tried = -1
    for (const word of digitWords) {
      // A number may begin with a word without digits ("DE 129 273 398", "X-1234567-L").
      const from =
        word > 0 && word - 1 > tried && !(flags[word - 1]! & hasDigit) && ends[word - 1]! - starts[word - 1]! <= 6
          ? word - 1
          : word
      for (let first = from; first <= word; first++) {
        tried = first
        let shape = ''
        for (let last = first; last < Math.min(scan.count, first + mostWords); last++) {
          if (last > first && starts[last]! - ends[last - 1]! !== 1) break
          const part = shapeOfWord(scan, last)
          if (part === undefined) break
          shape += last > first ? text[ends[last - 1]!]! + part : part
          if (!shaped.beginnings.has(shape)) break
          const rules = shaped.whole.get(shape)
          if (rules) judge(scan, starts[first]!, ends[last]!, rules, emit, minScore)
        }
      }
    }
  },
}

/** Whether the text's language is one of a country that issues the number. */
const isHinted = (scan: Scan, { regions }: NumberRule): boolean =>
  hintedRegions(scan).some((region) => regions.includes(region))

const judge = (
  scan: Scan,
  start: number,
  wordEnd: number,
  rules: readonly ShapedRule[],
  emit: Parameters<Detector['find']>[1],
  minScore: number,
): void => {
  const { text } = scan
  if (isPart(text, start, wordEnd)) return
  const written = text.slice(start, wordEnd)
  const spaced = written.includes(' ')
  if (spaced && inRow(scan, start, wordEnd) && !/^(?:\d{4} ){3}/.test(written)) return
  let context: ReturnType<typeof contextOf> | undefined
  let opaque: boolean | undefined
  const small = /[a-z]/.test(written)
  const compact = written.replace(/[^0-9A-Za-z]/g, '').toUpperCase()
  for (const { rule, shape, alone, near } of rules) {
    if (rule.regions.length > 0 && !rule.regions.some(scan.wants)) continue
    const column = scan.column.get(rule.kind)
    context ??= contextOf(phrasesAround(scan, start, wordEnd))
    const phrase = context.found.get(rule)
    const known = phrase !== undefined || column !== undefined
    // "ssn" names one rule; "tax_id" leaves all of its kind open.
    const named = column !== undefined && rulesOfPhrase.get(scan.columnName)?.has(rule)
    const own = phrase !== undefined && rule.own?.has(phrase)
    const expected =
      !known &&
      rule.regions.length > 0 &&
      (scan.regions !== undefined || (alone < minScore && alone + regionBonus >= minScore && isHinted(scan, rule)))
    const score = known
      ? near + (named ? 0.12 : 0) + (own ? ownNameBonus : 0)
      : alone + (expected ? regionBonus : 0) - (context.other === undefined ? 0 : 0.35) - (small ? 0.4 : 0)
    if (score < minScore) continue
    const forAndAgainst = (): string[] => {
      const evidence: string[] = shape === compact.replace(/\d/g, '9').replace(/[A-Z]/g, 'A') ? [] : ['written form']
      if (phrase !== undefined) evidence.push(`context: "${phrase}"`)
      if (column !== undefined) evidence.push('column name')
      if (!known && expected) evidence.push('region')
      if (!known && context?.other !== undefined) evidence.push(`against: "${context.other}"`)
      return evidence
    }
    if (!rule.check(compact, written)) {
      // "ID number" is the name of seventy numbers: that none of them fits is told of those that are named.
      if (scan.note && (own || named || (column === undefined && known && rule.own === undefined)))
        scan.note({
          kind: rule.kind,
          rule: rule.rule,
          start,
          end: wordEnd,
          reason: rule.sample?.(compact) ? 'sample-number' : 'failed-check',
          evidence: forAndAgainst(),
        })
      continue
    }
    opaque ??= inOpaque(text, start, wordEnd)
    if (opaque) {
      scan.note?.({
        kind: rule.kind,
        rule: rule.rule,
        start,
        end: wordEnd,
        reason: 'opaque',
        evidence: forAndAgainst(),
        score: clamp(score),
      })
      return
    }
    const end = shape.includes('(') && text[wordEnd] === ')' ? wordEnd + 1 : wordEnd
    emit({
      kind: rule.kind,
      start,
      end,
      score: clamp(score),
      rule: rule.rule,
      evidence: [rule.basis, ...forAndAgainst()],
    })
  }
}
