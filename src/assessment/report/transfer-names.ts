import type { TransferMatrix } from '../../contract/index.ts'

/** Models of a matrix by their files' names, or by their paths where two files are called the same. */
export const modelNames = ({ models }: TransferMatrix): readonly string[] => {
  const short = models.map(({ name }) => name.split('/').at(-1) || name)
  return new Set(short).size === short.length ? short : models.map(({ name }) => name)
}

/** Rows that no attack has changed. */
export const cleanName = 'as they are'

/** What rows were made on: one model, or an ensemble of several. */
export const craftedName = (matrix: TransferMatrix, [first = 0, ...more]: readonly number[]): string =>
  more.length === 0 ? `made on ${modelNames(matrix)[first]}` : `made on all ${more.length + 1} together`

/** What the numbers mean, once for all matrices. */
export const transferLead =
  "Rows made on one model and judged on another: each figure is the judged model's robust accuracy. Where rows are judged on a model that they were made on, the attacker had its weights."
