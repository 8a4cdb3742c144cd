import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sha256 } from '../src/base/canonical-json.ts'
import { auditLog } from '../src/evidence/audit-log.ts'
import { encodeEntry } from '../src/evidence/entry.ts'
import {
  createStatement,
  leafHash,
  openLog,
  readSigner,
  recordEvidence,
  verifyEvidence,
  verifyInclusion,
} from '../src/evidence/index.ts'
import { withLock } from '../src/evidence/lock.ts'
import { appendEntries } from '../src/evidence/log-writer.ts'
import { median } from '../src/stats/index.ts'

/**
 * The transparency log at size. RECORDS: entries to append (default 1 000 000; with 0 only whole records are measured);
 * BATCH: entries a batch (default 10 000); ENVELOPES: whole records, each with a signed envelope (default 2 000), which
 * are recorded 1 000 and 10 000 a batch, the first 2 000 of them also 16 a batch, and then verified.
 */
const records = Number(process.env.RECORDS ?? 1_000_000)
const batch = Number(process.env.BATCH ?? 10_000)
const envelopes = Number(process.env.ENVELOPES ?? 2_000)

const entries = (from: number, count: number, run: string): readonly Uint8Array[] =>
  Array.from({ length: count }, (_, i) => encodeEntry(sha256(`${run} ${from + i}`)))

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
const perSecond = (count: number, milliseconds: number): string =>
  `${Math.round((count / milliseconds) * 1000)} a second`

/** Slowest of the last tenth against the mean: whether appending slows down as the log grows. */
const appendAll = (folder: string, key: string): void => {
  const signer = readSigner(key)
  const times: number[] = []
  for (let at = 0; at < records; at += batch) {
    const fresh = entries(at, Math.min(batch, records - at), 'append')
    const start = performance.now()
    appendEntries(folder, signer, fresh)
    times.push(performance.now() - start)
  }
  const total = times.reduce((sum, time) => sum + time, 0)
  const last = times.slice(-Math.ceil(times.length / 10))
  say(`append: ${records} entries, ${batch} a batch: ${perSecond(records, total)}`)
  say(
    `  the last ${last.length} batches: ${perSecond(
      last.length * batch,
      last.reduce((sum, time) => sum + time, 0),
    )}`,
  )
}

/** A proof is made and verified by a reader that has just opened the log, as a stranger would. */
const prove = (folder: string, key: string): void => {
  const verifier = readSigner(key)
  const times = Array.from({ length: 200 }, (_, i) => {
    const index = Math.floor((i * records) / 200)
    const start = performance.now()
    const log = openLog(folder, [verifier])
    const { size, root } = log.checkpoint
    const leaf = leafHash(encodeEntry(sha256(`append ${index}`)))
    if (!verifyInclusion({ leaf, index, size, root, proof: log.inclusionProof(index) })) throw new Error('not included')
    return performance.now() - start
  }).sort((a, b) => a - b)
  say(
    `inclusion: opened, proved and verified in ${median(times).toFixed(2)} ms (median), ${times[197].toFixed(2)} ms (99 %)`,
  )
}

/** A process that appends batches to the log under its lock, and says after each how many it has appended. */
const writer = (folder: string, key: string, run: string, rounds: number) => {
  const script = fileURLToPath(import.meta.url)
  const args = ['--import', 'tsx', script, 'writer', folder, key, run, String(rounds)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const closed = new Promise((resolve) => child.on('close', resolve))
  const begun = new Promise((resolve) => child.stdout.once('data', resolve))
  return { child, begun, closed, appended: () => Number(output.split('\n').at(-2) ?? 0) }
}

const beWriter = async ([folder = '', key = '', run = '', rounds = '']: readonly string[]): Promise<void> => {
  for (let round = 0; round < Number(rounds); round++) {
    await withLock(`${folder}-lock`, () => appendEntries(folder, readSigner(key), entries(round * 1000, 1000, run)))
    say(String((round + 1) * 1000))
  }
}

const auditedSize = (folder: string, key: string): number => {
  const audit = auditLog(folder, [readSigner(key)], (kind, file, detail) => {
    throw new Error(`${kind}: ${file} ${detail ?? ''}`)
  })
  return audit?.checkpoint.size ?? 0
}

const together = async (folder: string, key: string): Promise<void> => {
  const writers = ['one', 'two'].map((run) => writer(folder, key, run, 20))
  await Promise.all(writers.map(({ begun }) => begun))
  const start = performance.now()
  await Promise.all(writers.map(({ closed }) => closed))
  const size = auditedSize(folder, key)
  say(
    `two processes at once: ${size} of 40000 entries in the log, all audited, ${perSecond(size, performance.now() - start)}`,
  )
}

const killed = async (folder: string, key: string): Promise<void> => {
  let acknowledged = 0
  for (let i = 0; i < 5; i++) {
    const { child, begun, closed, appended } = writer(folder, key, `killed ${i}`, 1_000_000)
    await begun
    await sleep(20 + 37 * i)
    child.kill('SIGKILL')
    await closed
    acknowledged += appended()
    const size = auditedSize(folder, key)
    if (size < acknowledged) throw new Error(`${size} entries, ${acknowledged} were acknowledged`)
  }
  say(`kill -9 five times: ${acknowledged} entries acknowledged, ${auditedSize(folder, key)} in the log, all audited`)
}

/** Processor time, in milliseconds: on a machine that does other work too it tells more than the clock. */
const usedSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** What signing alone costs, the bound of everything below: one Ed25519 signature a record. */
const sign = (key: string): void => {
  const signer = readSigner(key)
  const message = new Uint8Array(300)
  const start = performance.now()
  const before = process.cpuUsage()
  for (let i = 0; i < 5000; i++) signer.sign(message)
  const signed = performance.now()
  const used = usedSince(before)
  const signature = signer.sign(message)
  const begun = performance.now()
  for (let i = 0; i < 5000; i++) signer.verify(message, signature)
  say(
    `Ed25519: ${perSecond(5000, signed - start)} signed (${Math.round(used / 5)} µs of processor time), ${perSecond(5000, performance.now() - begun)} verified`,
  )
}

/** Whole records: signed, stored and logged, 16 a batch in files of their own, larger batches in bundles. */
const record = async (root: string, count: number, size: number): Promise<void> => {
  const times: number[] = []
  let processor = 0
  for (let at = 0; at < count; at += size) {
    const statements = Array.from({ length: Math.min(size, count - at) }, (_, i) =>
      createStatement({
        subject: [{ name: 'row group', digest: { sha256: sha256(String(at + i)) } }],
        predicateType: 'https://bartizan.dev/bench/v1',
      }),
    )
    const start = performance.now()
    const before = process.cpuUsage()
    await recordEvidence({ root, statements })
    times.push(performance.now() - start)
    processor += usedSince(before)
  }
  const total = times.reduce((sum, time) => sum + time, 0)
  say(
    `whole records, ${count} of them, ${size} a batch: ${perSecond(count, total)}, ${Math.round((processor / count) * 1000)} µs of processor time each (slowest batch ${Math.round(Math.max(...times))} ms)`,
  )
}

/** In a process of its own, whose memory is that of verifying. */
const verify = async (root: string): Promise<void> => {
  const script = fileURLToPath(import.meta.url)
  const child = spawn(process.execPath, ['--import', 'tsx', script, 'verifier', root], { stdio: 'inherit' })
  await new Promise((resolve) => child.on('close', resolve))
}

const beVerifier = async ([root = '']: readonly string[]): Promise<void> => {
  const start = performance.now()
  const { verdict, records: verified } = await verifyEvidence(root)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  say(`verification: ${verdict}, ${verified} records in ${seconds} s, peak memory ${peakMemory()} MiB`)
}

const peakMemory = (): number => Math.round(process.resourceUsage().maxRSS / 1024)

const measure = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'bartizan-log-'))
  try {
    const key = join(folder, 'key.pem')
    writeFileSync(key, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), {
      mode: 0o600,
    })
    if (records > 0) {
      appendAll(join(folder, 'log'), key)
      prove(join(folder, 'log'), key)
      await together(join(folder, 'together'), key)
      await killed(join(folder, 'killed'), key)
    }
    sign(key)
    await record(join(folder, 'own files'), Math.min(2_000, envelopes), 16)
    await record(join(folder, 'thousands'), envelopes, 1_000)
    await record(join(folder, 'ten thousands'), envelopes, 10_000)
    say(`peak memory ${peakMemory()} MiB`)
    await verify(join(folder, 'ten thousands'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const [role, ...rest] = process.argv.slice(2)
await (role === 'writer' ? beWriter(rest) : role === 'verifier' ? beVerifier(rest) : measure())
