import type { Report } from '../../contract/index.ts'
import { goalSentence } from '../task.ts'
import { count, figure, number } from './format.ts'

interface Words {
  /** What is measured before an attack, and after it. */
  readonly clean: string
  readonly robust: string
  /** What the share after an attack is of. */
  readonly meaning: string
}

const classes: Words = {
  clean: 'Clean accuracy',
  robust: 'Robust accuracy',
  meaning: 'Robust accuracy is the share of all rows still predicted as labelled after the attack.',
}

/** The words for what the model predicts: accuracies are of classes, other models have shares of rows. */
export const wordsFor = ({ task }: Pick<Report, 'task'>): Words => {
  if (!task || task.kind === 'classification') return classes
  const clean = task.kind === 'regression' ? 'Within tolerance' : 'Exact match'
  const broken = goalSentence(task)
  return {
    clean,
    robust: 'Robust share',
    meaning: `Robust share is the share of all rows that ${task.kind === 'multi-label' ? 'have enough right labels and that ' : ''}the attack does not break. A row is broken where ${broken}.`,
  }
}

/** What else was measured on the clean rows, a line each: errors of a regression, the least accurate labels. */
export const cleanDetails = ({ clean }: Pick<Report, 'clean'>): readonly (readonly [string, string])[] => {
  const { error, labels = [] } = clean
  const errors = error
    ? ([
        ['mean absolute error', error.absolute],
        ['mean squared error', error.squared],
      ] as const)
    : []
  const worst = [...labels].sort((a, b) => a.accuracy.value - b.accuracy.value).slice(0, leastShown)
  return [
    ...errors.map(([name, { value, low, high, n }]): readonly [string, string] => [
      name,
      `${number(value)} (${number(low)}–${number(high)}, n ${count(n)})${error?.declared !== undefined && name.includes('absolute') ? `; declared ${number(error.declared)}` : ''}`,
    ]),
    ...worst.map(({ name, accuracy }): readonly [string, string] => [`label ${name}`, `right on ${figure(accuracy)}`]),
  ]
}

/** Labels that are shown, the least accurate first; report.json has all. */
const leastShown = 8
