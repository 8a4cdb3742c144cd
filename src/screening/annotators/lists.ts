import { writeAtomically } from '../../data/index.ts'
import type { Answers } from './answers/answers.ts'
import { likeliest } from './consensus/consensus.ts'
import type { Summaries } from './people.ts'

const line = (cells: readonly (string | number)[]): string =>
  `${cells.map((cell) => (typeof cell === 'number' ? String(cell) : `"${cell.replaceAll('"', '""')}"`)).join(',')}\n`

const linesAtOnce = 10_000

const writeLines = (path: string, count: number, of: (i: number) => string, head: string): Promise<void> =>
  writeAtomically(path, async (file) => {
    await file.write(Buffer.from(head))
    for (let from = 0; from < count; from += linesAtOnce) {
      const lines: string[] = []
      for (let i = from; i < Math.min(count, from + linesAtOnce); i++) lines.push(of(i))
      await file.write(Buffer.from(lines.join('')))
    }
  })

/** The consensus as CSV: item, label, its probability, the number of answers; in the order in which items were met. */
export const writeConsensus = (path: string, answers: Answers, posterior: Float64Array): Promise<void> =>
  writeLines(
    path,
    answers.items.length,
    (i) => {
      const best = likeliest(posterior, i, answers.classes.length)
      const probability = Number(posterior[i * answers.classes.length + best]!.toPrecision(6))
      return line([answers.items[i]!, answers.classes[best]!, probability, answers.start[i + 1]! - answers.start[i]!])
    },
    'item,label,probability,answers\n',
  )

/** All annotators as CSV, in the order of the result. */
export const writeAnnotators = (path: string, { order, of }: Summaries): Promise<void> =>
  writeLines(
    path,
    order.length,
    (i) => {
      const { id, answers, accuracy, aboveChance, adjusted, verdict, gold, colludesWith } = of(order[i]!)
      const short = (value: number): number => Number(value.toPrecision(6))
      return line([
        id,
        answers,
        short(accuracy.value),
        short(accuracy.low),
        short(accuracy.high),
        aboveChance === null ? '' : short(aboveChance),
        short(adjusted),
        verdict,
        gold === null ? '' : short(gold.value),
        gold === null ? 0 : gold.n,
        colludesWith.length,
      ])
    },
    'annotator,answers,accuracy,low,high,above_chance,adjusted_p,verdict,gold_accuracy,gold_answers,colludes_with\n',
  )
