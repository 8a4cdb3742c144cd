import { BartizanError, isBartizanError } from '../../base/errors.ts'
import type { EndpointConfig, Repeated } from '../../contract/endpoint.ts'
import { sizeOf } from '../../onnx/tensor.ts'
import type { Preprocessing } from '../head.ts'
import { type AnswerStore, rowDigest } from './answer-store.ts'
import { preprocessed } from './preprocess.ts'
import type { Metadata, Protocol } from './protocol.ts'
import { answerTo, type RequestOptions } from './requests.ts'
import { logitsOf, type Reading } from './scores.ts'

export interface AskerOptions {
  readonly config: Pick<EndpointConfig, 'batch' | 'budget' | 'concurrency'>
  readonly protocol: Protocol
  readonly metadata: Metadata
  readonly dims: readonly number[]
  readonly preprocessing: Preprocessing | undefined
  readonly store: AnswerStore
  readonly requests: RequestOptions
}

/** Asks rows: what is known is not asked again, and nothing is asked beyond the budget. */
export interface Asker {
  /** Settles on the first row how answers are read. */
  settle(row: Float32Array, settled: (item: unknown) => Reading): Promise<Reading>
  /** [rows, classes]. */
  logits(x: Float32Array, rows: number): Promise<Float32Array>
  repeat(x: Float32Array, rows: number): Promise<Repeated>
  /** Rows that were answered from what was kept. */
  cached(): number
}

/** A row that is to be asked, and where it stands in the caller's rows. */
interface Question {
  readonly digest: string
  readonly row: number
}

export const asker = (options: AskerOptions): Asker => {
  const { config, protocol, metadata, dims, preprocessing, store, requests } = options
  const size = sizeOf(dims)
  const most = Math.min(config.batch, protocol.most ?? Number.POSITIVE_INFINITY)
  let reading: Reading | undefined
  let cached = 0
  let turn: Promise<unknown> = Promise.resolve()
  /** One caller after the other: what one is being told the next needn't ask. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }

  const itemsOf = async (x: Float32Array, questions: readonly Question[]): Promise<readonly unknown[]> => {
    const values = new Float32Array(questions.length * size)
    for (const [i, { row }] of questions.entries()) values.set(x.subarray(row * size, (row + 1) * size), i * size)
    const sent = preprocessing ? preprocessed(values, preprocessing, dims) : values
    const body = JSON.stringify(protocol.body({ values: sent, rows: questions.length, dims }, metadata))
    const before = async () => {
      demandBudget(store.asked, config.budget, questions.length)
      await store.spend(questions.length)
    }
    const { value } = await answerTo({ url: protocol.url, body }, { ...requests, before })
    const items = protocol.items(value, questions.length, metadata)
    if (items?.length === questions.length) return items
    const found = items === undefined ? 'nothing that is one item a row' : `${items.length} items`
    throw new BartizanError(
      'MODEL_OUTPUT_INVALID',
      `the endpoint was asked ${questions.length} rows, from row ${questions[0]!.row} of its batch, and its answer holds ${found} at ${protocol.place}`,
      { hint: 'look at the form of the answer: model.endpoint.output, scores or labels say where scores are' },
    )
  }

  /** Asks a batch and keeps each row that was answered well, also where another was not. */
  const askBatch = async (
    x: Float32Array,
    questions: readonly Question[],
    keep: AnswerStore['keep'],
    into: Map<string, Float32Array>,
  ): Promise<void> => {
    const items = await itemsOf(x, questions)
    const good: string[] = []
    let bad: unknown
    for (const [i, question] of questions.entries())
      try {
        into.set(question.digest, logitsOf(items[i], reading!))
        good.push(question.digest)
      } catch (error) {
        bad ??= withRow(error, question)
      }
    const { classes } = reading!
    const logits = new Float32Array(good.length * classes)
    for (const [i, digest] of good.entries()) logits.set(into.get(digest)!, i * classes)
    if (good.length > 0) await keep(good, logits)
    if (bad !== undefined) throw bad
  }

  /** All batches, so many at a time as the pacing allows; after a failure none is begun, and those under way are kept. */
  const askAll = async (
    x: Float32Array,
    questions: readonly Question[],
    keep: AnswerStore['keep'],
  ): Promise<ReadonlyMap<string, Float32Array>> => {
    demandBudget(store.asked, config.budget, questions.length)
    const fresh = new Map<string, Float32Array>()
    let next = 0
    let stopped = false
    const worker = async (): Promise<void> => {
      while (!stopped && next < questions.length) {
        const batch = questions.slice(next, next + most)
        next += batch.length
        try {
          await askBatch(x, batch, keep, fresh)
        } catch (error) {
          stopped = true
          throw error
        }
      }
    }
    const workers = await Promise.allSettled(Array.from({ length: config.concurrency }, worker))
    for (const ended of workers) if (ended.status === 'rejected') throw ended.reason
    return fresh
  }

  const gathered = async (
    x: Float32Array,
    rows: number,
    known: (digest: string) => Float32Array | undefined,
    keep: AnswerStore['keep'],
  ): Promise<Float32Array> => {
    const digests = Array.from({ length: rows }, (_, row) => rowDigest(x.subarray(row * size, (row + 1) * size)))
    const questions = new Map<string, Question>()
    for (const [row, digest] of digests.entries())
      if (!known(digest) && !questions.has(digest)) questions.set(digest, { digest, row })
    cached += rows - questions.size
    const fresh = await askAll(x, [...questions.values()], keep)
    const { classes } = reading!
    const logits = new Float32Array(rows * classes)
    for (const [row, digest] of digests.entries()) logits.set((fresh.get(digest) ?? known(digest))!, row * classes)
    return logits
  }

  const logits: Asker['logits'] = (x, rows) => inTurn(() => gathered(x, rows, store.find, store.keep))

  return {
    async settle(row, settled) {
      if (store.reading) {
        reading = store.reading
        return reading
      }
      const question = { digest: rowDigest(row), row: 0 }
      const [item] = await itemsOf(row, [question])
      try {
        reading = settled(item)
        await store.keepReading(reading)
        await store.keep([question.digest], logitsOf(item, reading))
      } catch (error) {
        throw withRow(error, question)
      }
      return reading
    },
    logits,
    async repeat(x, rows) {
      const first = await logits(x, rows)
      const second = await inTurn(() => gathered(x, rows, store.findRepeat, store.keepRepeat))
      return compare(first, second, rows)
    },
    cached: () => cached,
  }
}

const demandBudget = (asked: number, budget: number, rows: number): void => {
  if (asked + rows <= budget) return
  const left = Math.max(0, budget - asked)
  throw new BartizanError(
    'BUDGET_SPENT',
    `the endpoint may be asked ${budget} rows: ${asked} were asked, ${left} are left, and the next step asks ${rows}`,
    {
      hint: 'raise model.endpoint.budget, then the same command with --resume goes on and asks nothing again; or attack fewer rows with fewer queries',
      data: { budget, asked, left, rows },
    },
  )
}

const withRow = (error: unknown, { row, digest }: Question): unknown => {
  if (!isBartizanError(error, 'MODEL_OUTPUT_INVALID')) return error
  const hex = Buffer.from(digest, 'latin1').toString('hex')
  return new BartizanError(
    'MODEL_OUTPUT_INVALID',
    `the endpoint's answer to row ${row} of a batch is no use: ${error.message}`,
    {
      hint: error.hint ?? `the SHA-256 of the row's float32 values is ${hex}`,
      data: { row, sha256: hex },
      cause: error,
    },
  )
}

/** Scores that differ by rounding alone, as sums in another order do, are the same. */
const rounding = 1e-4

const compare = (first: Float32Array, second: Float32Array, rows: number): Repeated => {
  const classes = first.length / Math.max(rows, 1)
  let [otherLabel, otherScores, largest] = [0, 0, 0]
  for (let row = 0; row < rows; row++) {
    const [a, b] = [first, second].map((all) => all.subarray(row * classes, (row + 1) * classes)) as [
      Float32Array,
      Float32Array,
    ]
    if (a.indexOf(Math.max(...a)) !== b.indexOf(Math.max(...b))) otherLabel++
    if (a.some((value, i) => Math.abs(value - b[i]!) > rounding * Math.max(1, Math.abs(value)))) otherScores++
    const [before, after] = [softmax(a), softmax(b)]
    for (const [i, share] of before.entries()) largest = Math.max(largest, Math.abs(share - after[i]!))
  }
  return { rows, otherLabel, otherScores, largest }
}

const softmax = (logits: Float32Array): readonly number[] => {
  const top = Math.max(...logits)
  const shares = Array.from(logits, (value) => Math.exp(value - top))
  const sum = shares.reduce((a, b) => a + b, 0)
  return shares.map((share) => share / sum)
}
