import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { stream } from '../../src/base/random.ts'
import { fixture } from '../support/fixtures.ts'
import type { Verdict } from './open-mutant.ts'

const mutants = 10_000
/** Nothing a mutant does may take longer; a hang would take for ever. */
const patience = 20_000

/** A copy of `bytes` with a few of them changed, cut out, put in twice, or cut off, by the mutation's number. */
export const mutate = (bytes: Uint8Array, number: number): Uint8Array => {
  const random = stream('mutation', number)
  const at = (): number => random.integer(bytes.length)
  switch (number % 5) {
    case 0:
      return bytes.subarray(0, at())
    case 1: {
      const [from, length] = [at(), 1 + random.integer(16)]
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)])
    }
    case 2: {
      const [from, length] = [at(), 1 + random.integer(64)]
      return Buffer.concat([bytes.subarray(0, from + length), bytes.subarray(from)])
    }
    default: {
      // The start of the file and its end hold the structure; most bytes between are weights.
      const copy = Uint8Array.from(bytes)
      const edge = random.uniform() < 0.7 ? Math.min(1500, bytes.length) : bytes.length
      for (let i = 0; i <= number % 4; i++) {
        const place = random.integer(edge)
        copy[random.uniform() < 0.5 ? place : bytes.length - 1 - place] = random.integer(256)
      }
      return copy
    }
  }
}

const startWorker = (): ChildProcess =>
  fork(fileURLToPath(new URL('./open-mutant.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx', '--max-old-space-size=1024'],
    serialization: 'advanced',
  })

const answer = async (worker: ChildProcess, bytes: Uint8Array): Promise<Verdict | 'crashed' | 'hung'> => {
  worker.send(bytes)
  const timer = new AbortController()
  const late = new Promise<'hung'>((resolve) => {
    const timeout = setTimeout(() => resolve('hung'), patience)
    timer.signal.addEventListener('abort', () => clearTimeout(timeout))
  })
  const result = await Promise.race([
    once(worker, 'message', { signal: timer.signal }).then(([verdict]) => verdict as Verdict),
    once(worker, 'exit', { signal: timer.signal }).then(() => 'crashed' as const),
    late,
  ]).finally(() => timer.abort())
  return result
}

describe('mutated model files', () => {
  it(`${mutants} of them: each opens or is refused with a clear error; no crash, no hang`, {
    timeout: 600_000,
  }, async () => {
    const originals = ['breast-cancer-mlp', 'breast-cancer-logreg', 'seq-lstm'].map((name) =>
      readFileSync(fixture(`models/${name}.onnx`)),
    )
    const outcomes = new Map<string, number>()
    const bad: string[] = []
    let worker = startWorker()
    for (let number = 0; number < mutants; number++) {
      const verdict = await answer(worker, mutate(originals[number % originals.length]!, number))
      outcomes.set(verdict, (outcomes.get(verdict) ?? 0) + 1)
      if (verdict === 'opened' || verdict === 'refused') continue
      bad.push(`mutation ${number}: ${verdict}`)
      if (verdict === 'crashed' || verdict === 'hung') {
        worker.kill('SIGKILL')
        worker = startWorker()
      }
    }
    worker.kill()
    expect(bad).toEqual([])
    // The test would be empty if nothing got past the parser, or nothing were refused.
    expect(outcomes.get('opened')).toBeGreaterThan(100)
    expect(outcomes.get('refused')).toBeGreaterThan(1000)
  })
})
