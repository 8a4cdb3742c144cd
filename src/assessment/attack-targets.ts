import { BartizanError } from '../base/errors.ts'

/** The class that each row is to be moved to: the one after its label, or one for all rows. */
export type TargetChoice = 'next' | number

interface Goal {
  /** Labels as the runner gets them. */
  readonly labels: Int32Array
  readonly targets: Int32Array | undefined
  /** Rows that are where they should be moved to. */
  skipped(row: number): boolean
}

/** No class: a row with this label is never predicted right, so the runner leaves it alone. */
const none = -1

/** Targets for rows with these labels. Throws USAGE where there is no such class. */
export const chooseTargets = (choice: TargetChoice | undefined, labels: Int32Array, classes: number): Goal => {
  if (choice === undefined) return { labels, targets: undefined, skipped: () => false }
  if (choice === 'next') return { labels, targets: labels.map((label) => (label + 1) % classes), skipped: () => false }
  if (!Number.isInteger(choice) || choice < 0 || choice >= classes)
    throw new BartizanError('USAGE', `the target class is ${choice}, but the model knows classes 0 to ${classes - 1}`, {
      data: { target: choice, classes },
    })
  return {
    labels: labels.map((label) => (label === choice ? none : label)),
    targets: labels.map(() => choice),
    skipped: (row) => labels[row] === choice,
  }
}
