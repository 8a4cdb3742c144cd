import {
  chmodSync,
  copyFileSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Random, stream } from '../../base/random.ts'
import { scratchFolders } from '../../base/testing.ts'
import { authority, certificateSigning, digitalSignature, issue, keyUsage } from './certificate/testing.ts'
import { readEarlierModel } from './earlier.ts'
import { hashModel, type ManifestOptions } from './hash-model.ts'
import { modelSigner } from './key.ts'
import { type SignModelOptions, signModel } from './sign.ts'
import { newSigner, signStatement, writeModel } from './testing.ts'
import { verifyModel } from './verify.ts'

const newFolder = scratchFolders()
const signer = newSigner()
/** As if the files had lain there for a while. */
const later = () => Date.now() + 10_000
/** Longer than the tick of the clock by which files get their times. */
const tick = () => sleep(12)

let model: string
beforeEach(() => {
  model = writeModel(newFolder(), { 'a.bin': 'aaaa', 'README.md': 'read', 'sub/b.bin': 'bbbbbb', 'sub/empty': '' })
})

const signOf = async (options: Partial<SignModelOptions> = {}) => {
  const { signature, states, ...rest } = await signModel(model, { signer, keepStates: true, now: later, ...options })
  return { ...rest, signature, record: states?.record, kept: states?.files ?? 0 }
}

interface Kept {
  readonly signature: Uint8Array
  readonly record: Uint8Array | undefined
}

const earlierOf = ({ signature, record }: Kept, rehash?: readonly string[]) => ({
  ...readEarlierModel(signature, record, signer),
  ...(rehash !== undefined && { rehash }),
})

/** Whole seconds: JavaScript sets no finer times, and what is set back is then the same to the nanosecond. */
const age = (): void => {
  for (const file of filesIn(model)) if (!Number.isInteger(statSync(file).mtimeMs / 1000)) utimesSync(file, 1e9, 1e9)
}

const setBack = (file: string, change: () => void): void => {
  const { atimeMs, mtimeMs } = statSync(file)
  change()
  utimesSync(file, atimeMs / 1000, mtimeMs / 1000)
}

const otherByte = (file: string): void => {
  const bytes = readFileSync(file)
  if (bytes.length > 0) bytes[bytes.length - 1] ^= 1
  writeFileSync(file, bytes)
}

/** What can happen to files of a folder; each gets one file that is there, another, and a free name. */
const edits: Readonly<Record<string, (one: string, other: string, free: string) => void>> = {
  'a new content of the same size, its time set back': (one) => setBack(one, () => otherByte(one)),
  'a new content of the same size': (one) => otherByte(one),
  'an appended byte': (one) => writeFileSync(one, 'x', { flag: 'a' }),
  'a cut file, its time set back': (one) => setBack(one, () => truncateSync(one)),
  'a deletion': (one) => rmSync(one),
  'an addition': (_, __, free) => writeFileSync(free, 'new'),
  'a new name': (one, _, free) => renameSync(one, free),
  'another file in its place': (one, other) => one !== other && renameSync(other, one),
  'two files exchanged': (one, other, free) => {
    if (one === other) return
    renameSync(one, free)
    renameSync(other, one)
    renameSync(free, other)
  },
  'a copy of another, with its times': (one, other) => {
    if (one === other || lstatSync(one).ino === statSync(other).ino) return
    rmSync(one)
    cpSync(other, one, { preserveTimestamps: true, dereference: true })
  },
  'a second name of it': (one, _, free) => linkSync(one, free),
  'a link to it': (one, _, free) => symlinkSync(one, free),
  'a link in its place': (one, other) => {
    if (one === other || lstatSync(other).isSymbolicLink()) return
    rmSync(one)
    symlinkSync(other, one)
  },
  'other rights': (one) => chmodSync(one, 0o600),
  'a folder of another name': (one, _, free) => {
    if (dirname(one) !== model) renameSync(dirname(one), free)
  },
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

const dropBroken = (): void => {
  for (const file of filesIn(model)) if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) rmSync(file)
}

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random.uniform() * list.length)]

describe('a signature by what changed', () => {
  it.each<[string, ManifestOptions]>([
    ['whole files', {}],
    ['shards', { method: 'shards', shardSize: 3 }],
  ])('lists what one of everything lists, whatever was done to the files: %s', async (name, way) => {
    const options = { ...way, allowSymlinks: true }
    const random = stream('edits', name)
    const names = Object.keys(edits)
    const done = new Set<string>()
    let takenOver = 0
    for (let run = 0; run < 8; run++) {
      model = writeModel(newFolder(), {
        ...Object.fromEntries(
          [0, 1, 2, 3, 4].map((i) => [`${pick(random, ['', 'd/', 'e/f/'])}f${i}`, 'c'.repeat(i + 2)]),
        ),
        kept: 'kept',
      })
      age()
      let previous = await signOf(options)
      for (let round = 0; round < 3; round++) {
        await tick()
        for (let i = 0; i < 2; i++) {
          const files = filesIn(model).filter((file) => file !== join(model, 'kept'))
          if (files.length === 0) break
          // Every edit has its turn.
          const edit = names[(run * 6 + round * 2 + i) % names.length]
          edits[edit](pick(random, files), pick(random, files), join(model, `free${run}-${round}-${i}`))
          done.add(edit)
          dropBroken()
        }
        age()
        const next = await signOf({ ...options, earlier: earlierOf(previous) })
        const full = await hashModel(model, options)
        expect(next.manifest, [...done].slice(-2).join(', ')).toEqual(full.manifest)
        takenOver += next.reuse?.takenOver.files ?? 0
        previous = next
      }
    }
    expect([...done].sort()).toEqual([...names].sort())
    expect(takenOver).toBeGreaterThan(24)
  })

  it('hashes what changed, and says why', async () => {
    age()
    const first = await signOf()
    expect(first.kept).toBe(4)
    await tick()
    writeModel(model, { 'README.md': 'rewritten', new: 'x' })
    setBack(join(model, 'a.bin'), () => writeFileSync(join(model, 'a.bin'), 'aaab'))
    rmSync(join(model, 'sub/empty'))
    const { reuse, manifest, signature } = await signOf({ earlier: earlierOf(first) })
    expect(reuse).toEqual({
      takenOver: { files: 1, bytes: 6 },
      onWord: { files: 0, bytes: 0 },
      hashed: { files: 3, bytes: 14 },
      because: { added: 1, changed: 1, touched: 1, unproven: 0, asked: 0 },
      removed: 1,
      problem: undefined,
    })
    expect(manifest).toEqual((await hashModel(model)).manifest)
    const trust = { kind: 'key', keys: [signer] } as const
    expect(await verifyModel(model, { signature, signatureName: 's', trust })).toMatchObject({ verdict: 'passed' })
  })

  it('reads nothing of what it takes over', async () => {
    const first = await signOf()
    const shares: number[] = []
    const { reuse } = await signOf({ earlier: earlierOf(first), onProgress: (share) => shares.push(share) })
    expect({ shares, files: reuse?.takenOver.files }).toEqual({ shares: [], files: 4 })
  })

  it('hashes all of a copied folder', async () => {
    const first = await signOf()
    const copy = newFolder()
    cpSync(model, copy, { recursive: true, preserveTimestamps: true })
    model = copy
    const { reuse } = await signOf({ earlier: earlierOf(first) })
    expect(reuse?.takenOver.files).toBe(0)
    expect((reuse?.because.touched ?? 0) + (reuse?.because.changed ?? 0)).toBe(4)
  })

  it('keeps no state of a file that changed within 2 s before it was hashed, or while it was', async () => {
    const { ctimeMs } = statSync(join(model, 'sub/b.bin'))
    const newest = Math.max(...filesIn(model).map((file) => statSync(file).ctimeMs))
    expect((await signOf({ now: () => ctimeMs })).kept).toBe(0)
    expect((await signOf({ now: () => newest + 1990 })).kept).toBeLessThan(4)
    const first = await signOf({ now: () => newest + 2010 })
    expect(first.kept).toBe(4)
    utimesSync(join(model, 'a.bin'), new Date(), new Date(Date.now() + 60_000))
    expect((await signOf()).kept).toBe(3)
    let isFirst = true
    const onProgress = () => {
      if (isFirst) writeFileSync(join(model, 'README.md'), 'READ')
      isFirst = false
    }
    await tick()
    const meanwhile = await signOf({ onProgress })
    expect(meanwhile.kept).toBe(2)
    expect((await signOf({ earlier: earlierOf(meanwhile) })).reuse?.because).toMatchObject({ unproven: 2 })
  })
})

it('writes out what may not be on the disk yet before it trusts the times of a file', async () => {
  const handle = await open(join(model, 'a.bin'))
  const written = vi.spyOn(Object.getPrototypeOf(handle), 'datasync')
  await handle.close()
  try {
    const newest = Math.max(...filesIn(model).map((file) => statSync(file).ctimeMs))
    await signOf({ now: () => newest + 50_000 })
    expect(written).toHaveBeenCalledTimes(4)
    await signOf({ now: () => newest + 70_000 })
    await signOf({ keepStates: false })
    expect(written).toHaveBeenCalledTimes(4)
  } finally {
    written.mockRestore()
  }
})

describe('on the word of the caller', () => {
  it('takes over all but what is named, new, or of another size', async () => {
    const first = await signOf({ method: 'shards', shardSize: 2 })
    const copy = newFolder()
    cpSync(model, copy, { recursive: true })
    model = writeModel(copy, { 'README.md': 'wrong', 'a.bin': 'cut', new: 'x', 'sub/b.bin': 'BBBBBB' })
    const options = { method: 'shards', shardSize: 2 } as const
    for (const record of [undefined, first.record]) {
      const earlier = earlierOf({ signature: first.signature, record }, ['README.md'])
      const { reuse, manifest, kept } = await signOf({ ...options, earlier })
      expect(reuse).toMatchObject({
        takenOver: { files: 1, bytes: 0 },
        onWord: { files: 1, bytes: 6 },
        because: { asked: 1, added: 1, changed: 1 },
        problem: undefined,
      })
      // The word was wrong: the signature is of what was signed before, and the file does not pass.
      const full = (await hashModel(model, options)).manifest.resources
      expect(
        manifest.resources.filter(({ digest }, i) => digest !== full[i].digest).map(({ part }) => part.path),
      ).toEqual(['sub/b.bin', 'sub/b.bin', 'sub/b.bin'])
      // Nor does the word become a proof for the next run.
      expect(kept).toBe(4)
    }
  })

  it('refuses a path that names nothing', async () => {
    const earlier = earlierOf(await signOf(), ['REDME.md'])
    await expect(signOf({ earlier })).rejects.toMatchObject({ code: 'CONFIG_INVALID', data: { path: 'REDME.md' } })
  })
})

describe('what is taken over from', () => {
  const invalid = expect.objectContaining({ code: 'EVIDENCE_INVALID' })

  it('must be signed by this key, the states too, and hold in every bit', async () => {
    const first = await signOf()
    const other = await signOf({ signer: newSigner() })
    const { record } = first
    if (record === undefined) throw new Error('no record')
    expect(() => earlierOf(other)).toThrow(invalid)
    expect(() => earlierOf({ ...first, record: other.record })).toThrow(invalid)
    expect(() => earlierOf({ ...first, record: first.signature })).toThrow(invalid)
    const missed: string[] = []
    for (const [what, bytes] of Object.entries({ signature: first.signature, record }))
      for (let bit = 0; bit < bytes.length * 8; bit += process.env.LONG ? 1 : 23) {
        const changed = Uint8Array.from(bytes)
        changed[bit >> 3] ^= 1 << (bit & 7)
        try {
          earlierOf({ ...first, [what]: changed })
          missed.push(`${what} ${bit}`)
        } catch (error) {
          expect(error).toEqual(invalid)
        }
      }
    expect(missed).toEqual([])
  })

  it('may be signed with a certificate of the key', async () => {
    const extensions = [authority(), keyUsage(certificateSigning)]
    const issuer = issue({ name: 'root', extensions })
    const { certificate, privateKey } = issue({ name: 'signer', issuer, extensions: [keyUsage(digitalSignature)] })
    const own = modelSigner(privateKey)
    const { signature, record } = await signOf({ signer: own, certificates: [certificate] })
    expect(readEarlierModel(signature, record, own).states.size).toBe(4)
    expect(() => readEarlierModel(signature, record, signer)).toThrow(invalid)
  })

  it('shows nothing where the states are missing or of another signature, or the files were cut otherwise', async () => {
    const first = await signOf()
    const second = await signOf()
    const cases = [
      [earlierOf({ ...first, record: undefined }), {}, /no record/],
      [earlierOf({ ...first, record: second.record }), {}, /another signature/],
      [earlierOf(first), { hashType: 'blake2b' }, /another way/],
      [earlierOf(first, ['a.bin']), { method: 'shards' }, /another way/],
    ] as const
    for (const [earlier, options, problem] of cases) {
      const { reuse, manifest } = await signOf({ ...options, earlier })
      expect(reuse).toMatchObject({ takenOver: { files: 0 }, onWord: { files: 0 }, hashed: { files: 4 } })
      expect(reuse?.problem).toMatch(problem)
      expect(manifest).toEqual((await hashModel(model, options)).manifest)
    }
  })

  it('is no other statement of the key, nor a record with a path outside the model', async () => {
    const first = await signOf()
    const { predicateType, predicate, subject } = JSON.parse(
      Buffer.from(JSON.parse(Buffer.from(first.record!).toString()).dsseEnvelope.payload, 'base64').toString(),
    )
    const claim = (change: object) => {
      const statement = { _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate, ...change }
      return earlierOf({ ...first, record: signStatement(statement, signer) })
    }
    expect(claim({}).states.size).toBe(4)
    const [file] = predicate.files
    for (const change of [
      { predicateType: 'https://example.com/other' },
      { predicate: { files: [{ ...file, name: '../x' }] } },
      { predicate: { files: [{ ...file, ctime: 'now' }] } },
      { predicate: { files: [{ ...file, inode: undefined }] } },
    ])
      expect(() => claim(change)).toThrow(invalid)
  })
})

it('works for a model of one file', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'x'))
  model = join(folder, 'x', 'model.onnx')
  copyFileSync(import.meta.filename, model)
  const first = await signOf()
  expect((await signOf({ earlier: earlierOf(first) })).reuse?.takenOver.files).toBe(1)
})
