import type { FittedDetector } from '../detector.ts'
import type { Rows } from '../rows.ts'
import { fitTails, type TailScore, tailScores } from './tails.ts'

export const tailParameters = {
  mode: {
    kind: 'choice',
    default: 'inductive',
    choices: ['inductive', 'pyod'],
    help: "inductive: a row is placed among the fitted rows; pyod: among them and all rows scored with it, as PyOD does, so that a row's score depends on its batch",
  },
} as const

/** Sorted columns, and what sorting them takes. */
export const tailMemory = (rows: number, width: number): number => rows * (4 * width + 28)

export const fitTailDetector = async (rows: Rows, mode: string, score: TailScore): Promise<FittedDetector> => {
  const tails = fitTails(rows)
  return {
    width: rows.width,
    async score(asked) {
      if (mode === 'inductive') return tailScores(tails, asked, score)
      const values = new Float32Array(rows.values.length + asked.values.length)
      values.set(rows.values)
      values.set(asked.values, rows.values.length)
      return tailScores(fitTails({ values, rows: rows.rows + asked.rows, width: rows.width }), asked, score)
    },
  }
}
