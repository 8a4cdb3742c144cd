/** Rows with a label and a score, in one bin of the score. */
export interface ScoreBin {
  readonly bin: number
  readonly rows: number
  readonly positives: number
  /** Sum of their scores. */
  readonly scores: number
}

/** What a set of rows shows of labels and predictions; a row may lack either. */
export interface Counts {
  readonly rows: number
  readonly labelled: number
  readonly positives: number
  readonly predicted: number
  readonly selected: number
  /** Of the rows with both. */
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
  readonly trueNegatives: number
  /** In the order of the bins, those that hold rows. */
  readonly bins: readonly ScoreBin[]
}

/** Rows that agree in the protected values, the label, the prediction and the bin of the score. */
export interface Cell {
  /** One for each protected column; null where it is missing. */
  readonly values: readonly (string | null)[]
  /** Whether the label is the positive one; null where it is missing. */
  readonly positive: boolean | null
  readonly selected: boolean | null
  /** Null where there is no score. */
  readonly bin: number | null
  readonly rows: number
  readonly scores: number
}

const binsOf = (cells: readonly Cell[]): readonly ScoreBin[] => {
  const bins = new Map<number, { rows: number; positives: number; scores: number }>()
  for (const { bin, positive, rows, scores } of cells) {
    if (bin === null || positive === null) continue
    const held = bins.get(bin) ?? { rows: 0, positives: 0, scores: 0 }
    held.rows += rows
    held.scores += scores
    if (positive) held.positives += rows
    bins.set(bin, held)
  }
  return [...bins].sort(([a], [b]) => a - b).map(([bin, held]) => ({ bin, ...held }))
}

/** The counts of the rows of some cells. */
export const countsOf = (cells: readonly Cell[]): Counts => {
  const sum = (of: (cell: Cell) => boolean): number => cells.reduce((n, cell) => (of(cell) ? n + cell.rows : n), 0)
  return {
    rows: sum(() => true),
    labelled: sum(({ positive }) => positive !== null),
    positives: sum(({ positive }) => positive === true),
    predicted: sum(({ selected }) => selected !== null),
    selected: sum(({ selected }) => selected === true),
    truePositives: sum(({ positive, selected }) => positive === true && selected === true),
    falsePositives: sum(({ positive, selected }) => positive === false && selected === true),
    falseNegatives: sum(({ positive, selected }) => positive === true && selected === false),
    trueNegatives: sum(({ positive, selected }) => positive === false && selected === false),
    bins: binsOf(cells),
  }
}
