import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cell } from '../../src/screening/bias/groups/counts.ts'

/** Each row as a cell of its own. */
export const cellsOfRows = (
  groups: ArrayLike<string | null>,
  labels: readonly (number | null)[],
  predictions: readonly (number | null)[] = [],
  scores: readonly number[] = [],
): readonly Cell[] =>
  Array.from({ length: groups.length }, (_, i): Cell => {
    const score = scores[i]
    return {
      values: [groups[i]!],
      positive: labels[i] === null || labels[i] === undefined ? null : labels[i] === 1,
      selected: predictions[i] === null || predictions[i] === undefined ? null : predictions[i] === 1,
      bin: score === undefined ? null : Math.max(0, Math.ceil(score * 15) - 1),
      rows: 1,
      scores: score ?? 0,
    }
  })

export const digits = (text: string): readonly number[] => [...text].map(Number)

/** The rows behind the reference values: three groups of 10, 12 and 8. */
export const reference = {
  groups: [...'aaaaaaaaaabbbbbbbbbbbbcccccccc'],
  labels: digits('111000101010010001100110110101'),
  predictions: digits('110100101110000010100100100111'),
  scores: [
    0.9, 0.8, 0.35, 0.6, 0.1, 0.3, 0.7, 0.2, 0.95, 0.55, 0.75, 0.05, 0.4, 0.45, 0.15, 0.25, 0.65, 0.3, 0.85, 0.35, 0.2,
    0.6, 0.3, 0.1, 0.55, 0.4, 0.05, 0.7, 0.8, 0.9,
  ],
} as const

export const referenceCells = cellsOfRows(reference.groups, reference.labels, reference.predictions, reference.scores)

/** Runs `action` in a folder of its own, with a function that writes a file there and gives its path. */
export const inFolder = async (
  action: (write: (name: string, text: string) => Promise<string>, folder: string) => Promise<void>,
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'bias-'))
  try {
    await action(async (name, text) => {
      const path = join(folder, name)
      await writeFile(path, text)
      return path
    }, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Rows of CSV: `count` times each of the lines. */
export const repeated = (head: string, ...lines: readonly (readonly [string, number])[]): string =>
  `${[head, ...lines.flatMap(([line, count]) => Array.from({ length: count }, () => line))].join('\n')}\n`
