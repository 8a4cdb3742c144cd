/** Answers of annotators to items, as numbers; sorted by item, and within an item by annotator. */
export interface Answers {
  readonly items: readonly string[]
  readonly annotators: readonly string[]
  /** The different labels: by value where all are numbers, else by code unit. */
  readonly classes: readonly string[]
  /** The answers to item i are `start[i]` to below `start[i + 1]`. */
  readonly start: Uint32Array
  readonly item: Uint32Array
  readonly annotator: Uint32Array
  readonly label: Uint32Array
  /** Row of the table that each answer stands in, from 0. */
  readonly row: Uint32Array
  /** Known class of each item, -1 where it is not known. */
  readonly gold: Int32Array
}

/** Whether all texts are finite numbers, so that they have an order and differences. */
export const areNumbers = (texts: readonly string[]): boolean =>
  texts.every((text) => text.trim() !== '' && Number.isFinite(Number(text)))

const ordered = (labels: readonly string[]): readonly string[] =>
  areNumbers(labels)
    ? [...labels].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1))
    : [...labels].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))

/** Numbers for names, in the order in which they are first met. */
export interface Names {
  readonly list: readonly string[]
  of(name: string): number
}

export const names = (): Names => {
  const list: string[] = []
  const known = new Map<string, number>()
  return {
    list,
    of(name) {
      const found = known.get(name)
      if (found !== undefined) return found
      known.set(name, list.length)
      return list.push(name) - 1
    },
  }
}

/** Answers in any order, before they are sorted; the arrays may be longer than `count`. */
export interface RawAnswers {
  readonly items: readonly string[]
  readonly annotators: readonly string[]
  readonly labels: readonly string[]
  readonly count: number
  readonly item: Uint32Array
  readonly annotator: Uint32Array
  readonly label: Uint32Array
  readonly row: Uint32Array
  /** Number of the known label of an item. */
  readonly gold: ReadonlyMap<number, number>
}

/** Where each of `keys` comes in a stable sort of the indices `order` by their key below `bound`. */
const countingSort = (order: Uint32Array, keys: Uint32Array, bound: number): Uint32Array => {
  const next = new Uint32Array(bound + 1)
  for (const index of order) next[keys[index]! + 1]!++
  for (let key = 0; key < bound; key++) next[key + 1]! += next[key]!
  const sorted = new Uint32Array(order.length)
  for (const index of order) sorted[next[keys[index]!]!++] = index
  return sorted
}

/** Where the run of each key begins in keys that are sorted. */
const starts = (sorted: Uint32Array, bound: number): Uint32Array => {
  const start = new Uint32Array(bound + 1)
  for (const key of sorted) start[key + 1]!++
  for (let key = 0; key < bound; key++) start[key + 1]! += start[key]!
  return start
}

/** Sorts answers, and numbers the classes in their order. */
export const sortedAnswers = (raw: RawAnswers): Answers => {
  const classes = ordered(raw.labels)
  const position = new Map(classes.map((name, i) => [name, i]))
  const classOf = Uint32Array.from(raw.labels, (name) => position.get(name)!)
  const all = Uint32Array.from({ length: raw.count }, (_, i) => i)
  const order = countingSort(countingSort(all, raw.annotator, raw.annotators.length), raw.item, raw.items.length)
  const taken = (from: Uint32Array): Uint32Array => order.map((index) => from[index]!)
  const item = taken(raw.item)
  const gold = new Int32Array(raw.items.length).fill(-1)
  for (const [of, label] of raw.gold) gold[of] = classOf[label]!
  return {
    items: raw.items,
    annotators: raw.annotators,
    classes,
    item,
    start: starts(item, raw.items.length),
    annotator: taken(raw.annotator),
    label: order.map((index) => classOf[raw.label[index]!]!),
    row: taken(raw.row),
    gold,
  }
}

/** Answers from a list of [item, annotator, label], and the known labels of items. */
export const answersOf = (
  triples: readonly (readonly [string, string, string])[],
  gold: Readonly<Record<string, string>> = {},
): Answers => {
  const [items, annotators, labels] = [names(), names(), names()]
  const numbered = (at: 0 | 1 | 2, of: Names): Uint32Array => Uint32Array.from(triples, (triple) => of.of(triple[at]))
  const [item, annotator, label] = [numbered(0, items), numbered(1, annotators), numbered(2, labels)]
  return sortedAnswers({
    items: items.list,
    annotators: annotators.list,
    count: triples.length,
    item,
    annotator,
    label,
    row: Uint32Array.from(triples, (_, i) => i),
    gold: new Map(Object.entries(gold).map(([name, of]) => [items.of(name), labels.of(of)])),
    labels: labels.list,
  })
}

/** The answers of each annotator, as indices: those of annotator w are `list[start[w]]` to below `list[start[w + 1]]`. */
export interface ByAnnotator {
  readonly start: Uint32Array
  readonly list: Uint32Array
}

export const byAnnotator = ({ annotator, annotators }: Pick<Answers, 'annotator' | 'annotators'>): ByAnnotator => {
  const all = Uint32Array.from({ length: annotator.length }, (_, i) => i)
  const list = countingSort(all, annotator, annotators.length)
  return {
    list,
    start: starts(
      list.map((index) => annotator[index]!),
      annotators.length,
    ),
  }
}
