import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'tsdown'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { stream } from '../base/random.ts'
import { scratchFolders } from '../base/testing.ts'
import type { WriteOptions } from './durable-file.ts'
import { readStoredRecords } from './lineage/stored-records.ts'
import { createStatement } from './statement.ts'
import { recordEvidence } from './store.ts'
import { verifyEvidence } from './verify.ts'

type Moment = 'before' | 'in the middle of' | 'after'

/** Writes that are let through before the process is cut off, and at what moment of the next one that happens. */
const fault = vi.hoisted(() => ({ remaining: Number.POSITIVE_INFINITY, moment: 'before' as Moment }))

vi.mock('./durable-file.ts', async (original) => {
  const actual = await original<typeof import('./durable-file.ts')>()
  const cut = (operation: () => void, half: () => void): void => {
    const isLast = fault.remaining-- <= 0
    if (isLast && fault.moment === 'in the middle of') half()
    if (!isLast || fault.moment === 'after') operation()
    if (isLast) throw new Error('cut off')
  }
  return {
    ...actual,
    writeDurably: (path: string, bytes: Uint8Array | string, options?: WriteOptions) =>
      cut(
        () => actual.writeDurably(path, bytes, options),
        () => actual.writeDurably(`${path}${actual.unfinishedSuffix}`, bytes.slice(0, bytes.length / 2), options),
      ),
    moveDurably: (from: string, to: string) =>
      cut(
        () => actual.moveDurably(from, to),
        () => undefined,
      ),
  }
})

const claim = (run: number, i: number) =>
  createStatement({
    subject: [{ name: 'model', digest: { sha256: 'ab'.repeat(32) } }],
    predicateType: 'https://example.com/claim',
    predicate: { run, i },
  })

const newRoot = scratchFolders()
let root: string
beforeEach(() => {
  root = newRoot()
})
afterEach(() => {
  fault.remaining = Number.POSITIVE_INFINITY
})

/** Records a batch, cut off after `writes` writes; whether it got to its end. */
const recordUntil = async (writes: number, moment: Moment, batch: number): Promise<boolean> => {
  fault.remaining = writes
  fault.moment = moment
  try {
    await recordEvidence({ root, statements: Array.from({ length: batch }, (_, i) => claim(writes, i)) })
    return true
  } catch (error) {
    expect(error).toMatchObject({ message: 'cut off' })
    return false
  } finally {
    fault.remaining = Number.POSITIVE_INFINITY
  }
}

describe.each<Moment>(['before', 'in the middle of', 'after'])('cut off %s each write in turn', (moment) => {
  it.each([
    ['a store in use', false, 2, 7],
    ['a new store', true, 2, 11],
    // In one file, however many they are.
    ['a store in use, of a batch in a bundle,', false, 20, 5],
    ['a new store, of a batch in a bundle,', true, 20, 9],
  ])('%s verifies, holds all of the batch or none, and goes on', async (_, isNew, batch, writesInAll) => {
    let before = 0
    let cuts = 0
    for (let finished = false; !finished; cuts++) {
      if (isNew) {
        root = newRoot()
        before = 0
      } else await recordEvidence({ root, statements: [claim(cuts, 102)] }).then(() => before++)
      finished = await recordUntil(cuts, moment, batch)
      const { findings, records } = await verifyEvidence(root)
      expect(findings, `cut off at write ${cuts}`).toEqual([])
      expect(finished ? [before + batch] : [before, before + batch]).toContain(records)
      await recordEvidence({ root, statements: [claim(cuts, 103)] })
      before = records + 1
      expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', findings: [], records: before })
    }
    expect(cuts - 1).toBe(writesInAll)
  })
})

describe('kill -9', () => {
  const writer = `
    const [bundle, root, run] = process.argv.slice(-3)
    const { createStatement, recordEvidence } = await import(bundle)
    const { writeSync } = await import('node:fs')
    for (let i = 0; ; i++) {
      const subject = [{ name: 'model', digest: { sha256: 'ab'.repeat(32) } }]
      // In turn a record in a file of its own and a bundle of records.
      const statements = Array.from({ length: i % 2 === 0 ? 1 : 20 }, (_, at) =>
        createStatement({ subject, predicateType: 'https://example.com/claim', predicate: { run, i, at } }))
      const { records } = await recordEvidence({ root, statements })
      writeSync(1, records.map(({ sha256 }) => sha256 + '\\n').join(''))
    }`

  // Built once, so that twenty processes need not each load and compile the sources.
  let bundle: string
  beforeAll(async () => {
    bundle = newRoot()
    const entry = fileURLToPath(new URL('./index.ts', import.meta.url))
    await build({ entry, outDir: bundle, dts: false, config: false, logLevel: 'silent', noExternal: [/./] })
  })

  /** Runs a writer, kills it some moments after it has begun to write, and returns what it had acknowledged. */
  const writeAndKill = async (run: number, delay: number): Promise<readonly string[]> => {
    const script = pathToFileURL(join(bundle, 'index.mjs')).href
    const args = ['--input-type=module', '--eval', writer, script, root, String(run)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8')
    const closed = new Promise((resolve) => child.on('close', resolve))
    const begun = new Promise((resolve) => child.stdout.once('data', resolve))
    child.stdout.on('data', (text: string) => {
      output += text
    })
    await Promise.race([begun, closed])
    await sleep(delay)
    child.kill('SIGKILL')
    await closed
    expect(child.signalCode).toBe('SIGKILL')
    return output.split('\n').slice(0, -1)
  }

  it('at any moment loses no acknowledged record and leaves a store that verifies', async () => {
    const random = stream('kill')
    const acknowledged: string[] = []
    for (let run = 0; run < 20; run += 2) {
      // Two writers at once: one is killed while the other may hold the lock, or while it holds it itself.
      const both = await Promise.all([0, 1].map((i) => writeAndKill(run + i, random.uniform() * 60)))
      acknowledged.push(...both.flat())
      const { findings, log } = await verifyEvidence(root)
      expect(findings).toEqual([])
      expect(log?.size).toBeGreaterThanOrEqual(acknowledged.length)
      const stored = new Set(readStoredRecords(root).map(({ sha256 }) => sha256))
      expect(acknowledged.filter((sha256) => !stored.has(sha256))).toEqual([])
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(20)
    // Twenty processes start in turn: on a busy machine that is a minute.
  }, 180_000)
})
