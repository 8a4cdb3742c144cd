import { findPii, type PiiKind } from '../pii/index.ts'
import type { ValueKind } from './actions/canonical.ts'
import type { Replacer } from './actions/index.ts'
import { openedToken, tokenPattern } from './actions/token.ts'
import { cleanCells } from './clean-cells.ts'
import { contentDetectors } from './content/index.ts'
import { draftOf, type Edit, edited, type Locator, locatorOf, type Piece } from './draft.ts'
import type { SanitisingKey } from './keys/key-file.ts'
import { type ContentKind, contentKinds, type SanitisedKind } from './kind.ts'
import { nfcEdits } from './nfc.ts'
import { type ActionName, passiveActions } from './policy/action.ts'
import type { ColumnRules } from './policy/policy.ts'

/** What was found in a cell and what was done about it; units of the cell as it came. */
export interface CellHit {
  readonly kind: SanitisedKind
  readonly rule: string
  /** `restore`: a token was turned back. */
  readonly action: ActionName | 'restore'
  readonly start: number
  readonly end: number
  readonly score: number
}

export interface CellResult {
  readonly text: string
  readonly pieces: readonly Piece[]
  /** Whether the row goes. */
  readonly drop: boolean
  readonly hits: readonly CellHit[]
}

export interface CellOptions {
  readonly replace: Replacer
  /** Opens the tokens of an earlier run, which are left alone. */
  readonly key?: SanitisingKey
  readonly regions?: readonly string[]
  readonly nfc: boolean
}

/** What a text of these characters alone can't hold. */
const plain = /^[\t\n\r\u0020-\u007e]*$/
const notInPlain: ReadonlySet<ContentKind> = new Set(['control', 'invisible', 'bidi', 'homoglyph'])
/** What hides other content goes first; a formula is judged by how the cell begins in the end. */
const before: readonly ContentKind[] = ['control', 'invisible', 'bidi', 'homoglyph', 'html', 'prompt-injection']
/** Removing one thing may make another out of what stood around it, so rules are applied until nothing changes. */
const mostRounds = 12

interface Found {
  readonly start: number
  readonly end: number
  readonly rule: string
  readonly score: number
  readonly kind: SanitisedKind
  /** What takes its place under the action; nothing where it stays. */
  readonly edit?: Omit<Edit, 'start' | 'end'>
}

const hitOf = (locator: Locator, { kind, rule, score, start, end }: Found, action: ActionName): CellHit => {
  const [from, to] = locator.original(start, end)
  return { kind, rule, action, start: from, end: to, score }
}

const contentIn = (text: string, kind: ContentKind, action: ActionName): readonly Found[] =>
  contentDetectors[kind].find(text).map(({ neutral, ...finding }) => ({
    ...finding,
    kind,
    ...(action === 'neutralise' && { edit: { text: neutral } }),
    ...(action === 'remove' && { edit: { text: '' } }),
  }))

type ValueHit = Omit<Found, 'edit' | 'kind'> & { readonly kind: ValueKind }

const wholeCell = (text: string, kind: ValueKind): readonly ValueHit[] => {
  const start = text.length - text.trimStart().length
  const end = text.trimEnd().length
  return start < end ? [{ kind, start, end, rule: 'declared', score: 1 }] : []
}

/**
 * Applies the rules of a column to one text. Gives nothing where nothing was found, which is the usual case and costs
 * one look. Applying it to its own text again changes nothing, where actions are mask, remove or neutralise.
 */
export const cellSanitiser = ({ replace, key, regions, nfc }: CellOptions) => {
  const cleanOf = cleanCells()
  const valuesIn = (text: string, rules: ColumnRules, column: string | undefined): readonly ValueHit[] => {
    if (rules.as !== undefined) return wholeCell(text, rules.as)
    const kinds: readonly PiiKind[] = rules.piiKinds
    if (kinds.length === 0 || text.length < 2) return []
    return findPii(text, {
      kinds,
      minScore: rules.minScore,
      ...(regions && { regions }),
      ...(column !== undefined && { column }),
    })
  }

  const frozenTokens = (text: string): readonly Edit[] =>
    key === undefined || !text.includes('tok[')
      ? []
      : Array.from(text.matchAll(tokenPattern))
          .filter(([, kind, sealed]) => openedToken(key, kind!, sealed!) !== undefined)
          .map(({ 0: token, index }) => ({ start: index, end: index + token.length, text: token, frozen: true }))

  /** The usual case, without any of the machinery: nothing is there. */
  const isClean = (text: string, rules: ColumnRules, column: string | undefined): boolean => {
    const bare = plain.test(text)
    for (const kind of contentKinds)
      if (!(bare && notInPlain.has(kind)) && rules.actionOf(kind).name !== 'ignore')
        if (contentDetectors[kind].find(text).length > 0) return false
    return valuesIn(text, rules, column).length === 0 && (bare || !nfc || text.normalize('NFC') === text)
  }

  return (original: string, rules: ColumnRules, column?: string): CellResult | undefined => {
    const clean = cleanOf(rules, column)
    if (clean.has(original)) return undefined
    if (isClean(original, rules, column)) {
      clean.add(original)
      return undefined
    }
    let draft = draftOf(original)
    if (nfc) draft = edited(draft, nfcEdits(original))
    draft = edited(draft, frozenTokens(draft.text))
    const hits: CellHit[] = []
    let drop = false

    const apply = (found: readonly Found[], first: boolean): boolean => {
      const edits: Edit[] = []
      const locator = locatorOf(draft)
      for (const one of found) {
        const action = rules.actionOf(one.kind).name
        if (locator.touchesFrozen(one.start, one.end)) continue
        const changes = one.edit !== undefined && one.edit.text !== draft.text.slice(one.start, one.end)
        if (changes) edits.push({ start: one.start, end: one.end, ...one.edit })
        else if (!first || !(passiveActions.has(action) || action === 'drop')) continue
        if (action === 'drop') drop = true
        hits.push(hitOf(locator, one, action))
      }
      draft = edited(draft, edits)
      return edits.length > 0
    }

    const content = (kind: ContentKind, first: boolean, bare: boolean): boolean => {
      const action = rules.actionOf(kind).name
      if (action === 'ignore' || (bare && notInPlain.has(kind)) || (!first && passiveActions.has(action))) return false
      const found = contentIn(draft.text, kind, action)
      return found.length > 0 && apply(found, first)
    }

    const values = (first: boolean): boolean => {
      const { text } = draft
      const found = valuesIn(text, rules, column)
      if (found.length === 0) return false
      return apply(
        found.map((hit) => {
          const action = rules.actionOf(hit.kind)
          const made = replace(action, hit.kind, text.slice(hit.start, hit.end), text.slice(hit.end, hit.end + 4))
          const { kind, rule, score, start, end } = hit
          return { kind, rule, score, start, end, ...(made && { edit: made }) }
        }),
        first,
      )
    }

    for (let round = 0; round < mostRounds; round++) {
      const first = round === 0
      const bare = plain.test(draft.text)
      let changed = false
      for (const kind of before) changed = content(kind, first, bare) || changed
      changed = values(first) || changed
      changed = content('formula', first, bare) || changed
      if (!changed) break
    }
    const { text, pieces } = draft
    return hits.length === 0 && text === original ? undefined : { text, pieces, drop, hits }
  }
}

export type CellSanitiser = ReturnType<typeof cellSanitiser>
