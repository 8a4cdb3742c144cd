import { cpSync, existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { modelSignatureSchema, signatureVerificationSchema } from '../../src/contract/signing.ts'
import { offline } from '../../src/evidence/model-signing/testing.ts'
import { newKeyPair, signing } from './signing-cli.ts'

offline()
const newFolder = scratchFolders()

let folder: string
let model: string
let signature: string
beforeEach(() => {
  folder = newFolder()
  newKeyPair(folder, 'signer')
  model = join(folder, 'model')
  signature = join(folder, 'model.sig')
  cpSync(import.meta.dirname, model, { recursive: true })
  // The files are older than the two seconds in which a change could hide.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const sign = (...more: readonly string[]) =>
  signing('sign', model, '--key', join(folder, 'signer.pem'), '--out', signature, ...more)
const signed = async (...more: readonly string[]) => {
  const { exitCode, stdout, stderr } = await sign(...more, '--json', '-')
  expect(exitCode, stderr).toBe(0)
  return modelSignatureSchema.parse(JSON.parse(stdout))
}
const verified = async () => {
  const key = join(folder, 'signer.pub.pem')
  const { exitCode, stdout } = await signing('verify-signature', model, '--signature', signature, '--key', key)
  return { exitCode, stdout }
}

describe('bartizan sign --changed-from', () => {
  it('takes over what is unchanged, from one signature to the next', async () => {
    expect(await signed()).toMatchObject({ states: null, changedFrom: null })
    expect(existsSync(`${signature}.states`)).toBe(false)
    const { files } = await signed('--keep-states')
    for (const content of ['changed', 'changed again']) {
      await sleep(12)
      writeFileSync(join(model, 'README.md'), content)
      const { stdout, exitCode } = await sign('--changed-from', signature)
      expect({ exitCode, stdout }).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/changed from .*which holds[\s\S]*taken over +\d files?, [\d,]+ bytes/),
      })
      expect(stdout).toMatch(/hashed again +1 file, \d+ bytes \(1 (new|changed)\)/)
      expect(stdout).toMatch(/states kept +\S+model\.sig\.states, of/)
      expect((await verified()).exitCode).toBe(0)
    }
    const { changedFrom, states, root } = await signed('--changed-from', signature)
    expect(changedFrom).toMatchObject({
      takenOver: { files: files + 1 },
      hashed: { files: 0, bytes: 0 },
      problem: null,
    })
    expect(states).toEqual({ file: `${signature}.states`, files: files + 1 })
    expect((await signed()).root).toBe(root)
    // The states beside it are now of another signature.
    expect((await sign('--changed-from', signature)).stdout).toMatch(/taken over +nothing: [\s\S]*another\s+signature/)
  })

  it('never signs a content that nobody hashed, though size and time are those of before', async () => {
    const file = join(model, 'sign.test.ts')
    utimesSync(file, 1e9, 1e9)
    await signed('--keep-states')
    await sleep(12)
    const bytes = readFileSync(file)
    bytes[0] ^= 1
    writeFileSync(file, bytes)
    utimesSync(file, 1e9, 1e9)
    await signed('--changed-from', signature)
    expect((await verified()).exitCode).toBe(0)
  })

  it('keeps its record out of the signature where it lies in the model', async () => {
    signature = join(model, 'model.sig')
    const { ignored } = await signed('--keep-states')
    expect(ignored).toEqual(expect.arrayContaining(['model.sig', 'model.sig.states']))
    expect((await signed('--changed-from', signature)).changedFrom).toMatchObject({ hashed: { files: 0 } })
    expect((await verified()).exitCode).toBe(0)
  })

  it('takes the word for what --rehash does not name, and says so', async () => {
    await signed()
    writeFileSync(join(model, 'signing-cli.ts'), 'changed')
    const right = await sign('--changed-from', signature, '--rehash', 'signing-cli.ts')
    expect(right.stdout).toMatch(/on your word +\d files, [\d,]+ bytes, which were not looked at/)
    expect((await verified()).exitCode).toBe(0)
    writeFileSync(join(model, 'signing-cli.ts'), 'CHANGED')
    await signed('--changed-from', signature, '--rehash', 'sign.test.ts')
    expect(await verified()).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('signing-cli.ts') })
  })

  it('refuses what it can not trust', async () => {
    await signed('--keep-states')
    const refused = async (expected: RegExp, exitCode: number, ...more: readonly string[]) => {
      const ended = await sign(...more)
      expect(ended.stderr).toMatch(expected)
      expect(ended).toMatchObject({ exitCode, stdout: '' })
    }
    const states = `${signature}.states`
    await refused(/--rehash needs --changed-from/, 2, '--rehash', 'a')
    await refused(/not a path below/, 2, '--changed-from', signature, '--rehash', '../a')
    await refused(/there is no nothing to hash again/, 2, '--changed-from', signature, '--rehash', 'nothing')
    await refused(/nowhere\.sig/, 3, '--changed-from', join(folder, 'nowhere.sig'))
    await refused(/are the same file/, 2, '--changed-from', signature, '--receipt', states, '--project', folder)
    newKeyPair(folder, 'signer')
    await refused(/was not made with this key/, 1, '--changed-from', signature)
    rmSync(signature)
    writeFileSync(states, 'mine')
    await refused(/is there already and is no signature/, 2, '--keep-states')
    expect(readFileSync(states, 'utf8')).toBe('mine')
  })
})

describe.runIf(process.platform !== 'win32')('on Windows, where programs can set every time of a file', () => {
  it('keeps no states, and takes nothing over but on word', async () => {
    await signed('--keep-states')
    const platform = Object.getOwnPropertyDescriptor(process, 'platform')
    Object.defineProperty(process, 'platform', { value: 'win32' })
    try {
      expect(await sign('--keep-states')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Windows') })
      const { changedFrom, states } = await signed('--changed-from', signature)
      expect({ taken: changedFrom?.takenOver.files, states }).toEqual({ taken: 0, states: null })
    } finally {
      if (platform !== undefined) Object.defineProperty(process, 'platform', platform)
    }
  })
})

describe('bartizan verify-signature --only', () => {
  it('says that the rest was not looked at', async () => {
    await signed()
    writeFileSync(join(model, 'sign.test.ts'), 'changed')
    const check = (...more: readonly string[]) =>
      signing('verify-signature', model, '--signature', signature, '--key', join(folder, 'signer.pub.pem'), ...more)
    const parsed = async (...more: readonly string[]) => {
      const { exitCode, stdout } = await check(...more, '--json', '-')
      return { exitCode, ...signatureVerificationSchema.parse(JSON.parse(stdout)) }
    }
    const part = await parsed('--only', 'signing-cli.ts', '--only', './changed.test.ts/')
    expect(part).toMatchObject({
      exitCode: 0,
      verdict: 'passed',
      scope: 'part',
      only: ['signing-cli.ts', 'changed.test.ts'],
      resources: { compared: 2, skipped: part.resources.signed - 2 },
    })
    const { stdout } = await check('--only', 'signing-cli.ts')
    expect(stdout).toMatch(/not looked at +all but signing-cli\.ts/)
    expect(stdout).toContain('PASSED: this part of the model is what was signed. The rest was not looked at.')
    for (const only of [[], ['--only', '.'], ['--only', 'sign.test.ts']])
      expect(await parsed(...only)).toMatchObject({ exitCode: 1, verdict: 'failed' })
    expect(await parsed('--only', '.')).toMatchObject({ scope: 'model', resources: { skipped: 0 } })
    expect(await parsed('--only', 'none')).toMatchObject({ exitCode: 1, scope: 'part' })
    writeFileSync(signature, 'x')
    expect(await parsed('--only', 'signing-cli.ts')).toMatchObject({ exitCode: 1, scope: 'part' })
  })
})
