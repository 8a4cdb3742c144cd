import { type Answers, answersOf } from './answers.ts'

/** crowd-kit's toy answers (tests/conftest.py): five annotators, five items, annotator w3 left one out. */
const toyLabels: Readonly<Record<string, string>> = {
  w1: 'no yes yes yes yes',
  w2: 'yes yes no yes no',
  w3: '. yes no yes no',
  w4: 'yes no yes yes no',
  w5: 'no no no yes no',
}

/** Answers of each annotator in the order of the items t1, t2, …; a dot is none. */
export const answersByAnnotator = (
  labels: Readonly<Record<string, string>>,
  gold: Readonly<Record<string, string>> = {},
): Answers =>
  answersOf(
    Object.entries(labels).flatMap(([who, text]) =>
      text
        .split(' ')
        .map((label, i) => [`t${i + 1}`, who, label] as const)
        .filter(([, , label]) => label !== '.'),
    ),
    gold,
  )

export const toyAnswers = (gold: Readonly<Record<string, string>> = {}): Answers => answersByAnnotator(toyLabels, gold)

/**
 * Dawid and Skene 1979, Table 1: 45 patients; digits are the classes that observer 1 (three times) and observers 2 to 5
 * gave, as "111 1 1 1 1" without the spaces.
 */
const anaesthesia = `
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343 1111111 2223212 1211111
1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222 1111111 1111111 2322222 1111111 1111111 1121121
1111111 3333233 1111111 2222222 2223232 4334343 2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222`

/** The anaesthesia data: items "1" to "45", observers "1" to "5", the first of whom answers each item three times. */
export const anaesthesiaAnswers = (): Answers =>
  answersOf(
    anaesthesia
      .trim()
      .split(/\s+/)
      .flatMap((digits, patient) =>
        [...digits].map((digit, j) => [String(patient + 1), String(Math.max(1, j - 1)), digit] as const),
      ),
  )
