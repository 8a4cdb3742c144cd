/** A part of a draft: `text`, which stands where the original had its units `from` to `to`. */
export interface Piece {
  readonly text: string
  readonly from: number
  readonly to: number
  /** Whether it is the original's own text. */
  readonly kept: boolean
  /** Whether later rules leave it alone: a token, a digest, a surrogate. */
  readonly frozen: boolean
}

/** A text on its way through the rules, which knows where each of its parts came from. */
export interface Draft {
  readonly text: string
  readonly pieces: readonly Piece[]
}

/** A replacement in the draft's current text; `start === end` inserts. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly frozen?: boolean
}

export const draftOf = (text: string): Draft => ({
  text,
  pieces: [{ text, from: 0, to: text.length, kept: true, frozen: false }],
})

/** The part of `piece` between two of its own units. What was changed has no inner places: its ends stay its ends. */
const part = (piece: Piece, start: number, end: number): Piece =>
  piece.kept
    ? { ...piece, text: piece.text.slice(start, end), from: piece.from + start, to: piece.from + end }
    : { ...piece, text: piece.text.slice(start, end) }

/** The draft after `edits`, which are sorted and don't overlap. */
export const edited = (draft: Draft, edits: readonly Edit[]): Draft => {
  if (edits.length === 0) return draft
  const pieces: Piece[] = []
  let next = 0
  let at = 0
  let cut = 0
  const origin = (piece: Piece, unit: number, end: boolean): number =>
    piece.kept ? piece.from + unit : end ? piece.to : piece.from
  let pending: { edit: Edit; from: number; to: number } | undefined
  const settle = () => {
    if (pending === undefined) return
    const { edit, from, to } = pending
    pieces.push({ text: edit.text, from, to, kept: false, frozen: edit.frozen === true })
    pending = undefined
  }
  for (const piece of draft.pieces) {
    const until = at + piece.text.length
    cut = 0
    while (next < edits.length || pending !== undefined) {
      if (pending === undefined) {
        const edit = edits[next]!
        if (edit.start > until || (edit.start === until && edit.end > edit.start)) break
        if (edit.start - at > cut) pieces.push(part(piece, cut, edit.start - at))
        cut = edit.start - at
        pending = { edit, from: origin(piece, cut, false), to: origin(piece, cut, false) }
        next++
      }
      const stop = Math.min(pending.edit.end, until) - at
      pending = {
        ...pending,
        to: Math.max(pending.to, stop > cut || !piece.kept ? origin(piece, stop, true) : pending.to),
      }
      cut = Math.max(cut, stop)
      if (pending.edit.end > until) break
      settle()
    }
    if (pending === undefined && cut < piece.text.length) pieces.push(part(piece, cut, piece.text.length))
    at = until
  }
  settle()
  return { text: pieces.map(({ text }) => text).join(''), pieces }
}

/** Looks up places of a draft in time logarithmic in its pieces. */
export interface Locator {
  /** Where units `start` to `end` of the draft stand in the original. */
  readonly original: (start: number, end: number) => readonly [number, number]
  /** Whether units `start` to `end` touch a frozen piece. */
  readonly touchesFrozen: (start: number, end: number) => boolean
}

export const locatorOf = ({ pieces }: Draft): Locator => {
  const starts = new Int32Array(pieces.length + 1)
  pieces.forEach((piece, i) => {
    starts[i + 1] = starts[i]! + piece.text.length
  })
  const anyFrozen = pieces.some(({ frozen }) => frozen)
  /** The last piece that begins at or before `unit`. */
  const pieceAt = (unit: number): number => {
    let [low, high] = [0, pieces.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= unit) low = middle
      else high = middle - 1
    }
    return low
  }
  /** The first piece that reaches `unit`. */
  const pieceUpTo = (unit: number): number => {
    let [low, high] = [0, pieces.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (starts[middle + 1]! >= unit) high = middle
      else low = middle + 1
    }
    return low
  }
  return {
    original(start, end) {
      if (pieces.length === 0) return [0, 0]
      const [first, last] = [pieceAt(start), pieceUpTo(end)]
      const [a, b] = [pieces[first]!, pieces[last]!]
      const from = a.kept ? a.from + start - starts[first]! : a.from
      const to = b.kept ? b.from + end - starts[last]! : b.to
      return [from, Math.max(from, to)]
    },
    touchesFrozen(start, end) {
      if (!anyFrozen) return false
      for (let i = pieceUpTo(start + 1); i < pieces.length && starts[i]! < end; i++)
        if (pieces[i]!.frozen && starts[i + 1]! > start) return true
      return false
    },
  }
}
