import { availableParallelism } from 'node:os'
import { defaulted, optional, required, toggle } from './flag.ts'
import { amount, amounts, names, oneOf, positiveNumber, range, rows, shape, text, wholeNumber } from './parse.ts'

/** Flags that several commands share; each call makes new ones, since commander's options belong to one command. */

export const jsonFlag = () => optional('--json <file>', 'write the result as JSON; "-" is standard output', text)

export const seedFlag = () =>
  optional('--seed <n>', 'random numbers are keyed by it: same seed, same result (default 0)', wholeNumber)

export const threadsFlag = () =>
  defaulted('--threads <n>', 'processor threads', positiveNumber, String(availableParallelism()), 'all')

/** For commands that record what they write. */
export const projectFlag = () =>
  defaulted('--project <folder>', 'folder of bartizan.yaml, where what is written is recorded', text, '.', 'this one')

export const modelFlag = () => required('--model <file>', 'ONNX file of the classifier', text)
/** In place of --model. */
export const endpointFlag = () =>
  optional('--endpoint <address>', 'model behind an API: its address, or a YAML file that describes it', text)

export const askAgainFlag = () =>
  toggle('--ask-again', 'forget what the endpoint answered before, and ask it anew; what was spent stays spent')

export const dataFlag = () =>
  required('--data <file>', 'rows: IDX, npy, npz, CSV, TSV, JSONL, Parquet or a folder of images', text)

/** How rows are read and fed to the model. */
export const rowFlags = () => ({
  labels: optional('--labels <file>', 'file with one label a row', text),
  label: optional('--label <column>', 'column of the table that holds the labels', text),
  columns: optional('--columns <names>', 'columns to feed, in order, with commas between', names),
  rows: optional('--rows <A:B>', 'rows A to B - 1, counted from 0', rows),
  scale: optional('--scale <s>', 'multiplies the stored values, e.g. 1/255 for bytes', amount),
  shape: optional('--shape <sizes>', 'shape of one row, e.g. 3,224,224, where files leave it open', shape),
  mean: optional('--mean <values>', 'the model wants (x - mean) / std: one number, or one a channel', amounts),
  std: optional('--std <values>', 'see --mean', amounts),
  output: defaulted(
    '--output <kind>',
    'what the model gives: auto, logits or probabilities',
    oneOf('auto', 'logits', 'probabilities'),
    'auto',
  ),
})

export const levelsFlag = () =>
  optional(
    '--levels <n>',
    'values are stored as n numbers over the range (256: bytes): round changed rows to them',
    positiveNumber,
  )

export const rangeFlag = () =>
  defaulted('--range <low,high>', 'lowest and highest value of an input, before mean and std', range, '0,1')
