import { BartizanError } from '../../../base/errors.ts'
import { cellsSql, columnOf, type ScreenedTable, streamed, withTable } from '../../table/index.ts'
import { type Answers, type Names, names, sortedAnswers } from './answers.ts'

/** The columns that answers stand in. */
export interface AnswerColumns {
  readonly item: string
  readonly annotator: string
  readonly label: string
  readonly gold?: string
}

export interface ReadAnswers {
  readonly answers: Answers
  readonly rows: number
  /** Rows without an item, an annotator or a label. */
  readonly incomplete: number
}

/** Whole numbers that grow with what is pushed: four bytes each, whatever their number. */
const growing = () => {
  let values = new Uint32Array(1024)
  let count = 0
  return {
    push(value: number) {
      if (count === values.length) {
        const larger = new Uint32Array(2 * count)
        larger.set(values)
        values = larger
      }
      values[count++] = value
    },
    taken: () => values.subarray(0, count),
  }
}

const requireDifferent = ({ item, annotator, label, gold }: AnswerColumns): void => {
  const all = [item, annotator, label, ...(gold === undefined ? [] : [gold])]
  const twice = all.find((name, i) => all.indexOf(name) !== i)
  if (twice === undefined) return
  throw new BartizanError('CONFIG_INVALID', `the column "${twice}" is named for two things`, {
    hint: 'item, annotator, label and gold are different columns',
    data: { column: twice },
  })
}

/** What is known of items: throws DATA_LABEL_INVALID where two rows say different things of one. */
const knownLabels = (items: Names, labels: Names, path: string) => {
  const gold = new Map<number, number>()
  return {
    gold,
    add(item: string, label: string) {
      const [of, is] = [items.of(item), labels.of(label)]
      const before = gold.get(of)
      if (before !== undefined && before !== is)
        throw new BartizanError(
          'DATA_LABEL_INVALID',
          `${path}: the known label of item ${JSON.stringify(item)} is ${JSON.stringify(labels.list[before])} in one row and ${JSON.stringify(label)} in another`,
          { hint: 'an item has one known label', data: { path, item } },
        )
      gold.set(of, is)
    },
  }
}

/** The cells of some columns as text, null where empty, row by row. */
async function* cellsOf(table: ScreenedTable, columns: readonly string[]): AsyncGenerator<readonly (string | null)[]> {
  const found = columns.map((name) => columnOf(table, name))
  const cells = found.map((_, i) => `c${i}`).join(', ')
  for await (const chunk of streamed(table, `SELECT ${cells} FROM ${cellsSql(table, found, [])}`))
    for (const row of chunk) yield row as readonly (string | null)[]
}

const readGoldFile = async (
  path: string,
  { item, label }: AnswerColumns,
  add: (item: string, label: string) => void,
): Promise<void> =>
  withTable(path, async (table) => {
    for await (const [of, is] of cellsOf(table, [item, label]))
      if (typeof of === 'string' && typeof is === 'string') add(of, is)
  })

/**
 * Reads the answers of a table, one a row, as a stream: what is kept is sixteen bytes an answer, and every different name
 * once. Rows that lack something are counted and left out. Throws CONFIG_INVALID for columns that aren't there, DATA_CORRUPT
 * where no row has an answer, DATA_LABEL_INVALID for contradicting known labels.
 */
export const readAnswers = async (
  table: ScreenedTable,
  columns: AnswerColumns,
  goldFile?: string,
): Promise<ReadAnswers> => {
  requireDifferent(columns)
  const [items, annotators, labels] = [names(), names(), names()]
  const [item, annotator, label, row] = [growing(), growing(), growing(), growing()]
  const known = knownLabels(items, labels, goldFile ?? table.path)
  let rows = 0
  const wanted = [columns.item, columns.annotator, columns.label, ...(columns.gold === undefined ? [] : [columns.gold])]
  for await (const [of, who, is, truth] of cellsOf(table, wanted)) {
    if (typeof of === 'string' && typeof truth === 'string') known.add(of, truth)
    if (typeof of === 'string' && typeof who === 'string' && typeof is === 'string') {
      item.push(items.of(of))
      annotator.push(annotators.of(who))
      label.push(labels.of(is))
      row.push(rows)
    }
    rows++
  }
  const count = item.taken().length
  if (count === 0)
    throw new BartizanError('DATA_CORRUPT', `${table.path} holds no answer`, {
      hint: `an answer is a row with ${columns.item}, ${columns.annotator} and ${columns.label}`,
      data: { path: table.path, rows },
    })
  // An item that nobody answered, known or not, is no item of this table.
  const asked = items.list.length
  if (goldFile !== undefined) await readGoldFile(goldFile, columns, known.add)
  const answers = sortedAnswers({
    items: items.list.slice(0, asked),
    annotators: annotators.list,
    labels: labels.list,
    count,
    item: item.taken(),
    annotator: annotator.taken(),
    label: label.taken(),
    row: row.taken(),
    gold: new Map([...known.gold].filter(([of]) => of < asked)),
  })
  return { answers, rows, incomplete: rows - count }
}
