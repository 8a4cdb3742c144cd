import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { attackResultSchema } from '../../src/contract/index.ts'
import { digits, scratch, started } from './bartizan.ts'

const file = scratch()
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

describe('the process', () => {
  it('writes pure JSON to standard output, the words to standard error, and exits with 0', async () => {
    const { exitCode, stdout, stderr } = await started(
      ...['attack', 'run', 'fgsm', ...digits, '--rows', '0:8', '--eps', '0.1', '--json', '-'],
    ).ended
    expect(exitCode, stderr).toBe(0)
    expect(attackResultSchema.parse(JSON.parse(stdout)).rows).toBe(8)
    expect(stderr).toContain('fgsm in Linf')
  })

  it('prints its version, and exits with the code of the error', async () => {
    const [printed, usage, input] = await Promise.all([
      started('--version').ended,
      started('inspect').ended,
      started('inspect', file('missing.onnx')).ended,
    ])
    expect(printed).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
    expect(usage).toMatchObject({ exitCode: 2, stdout: '' })
    expect(input).toMatchObject({ exitCode: 3, stdout: '' })
  })

  it('says nothing when its reader goes away', async () => {
    const { child, ended } = started('schema')
    child.stdout.destroy()
    const { exitCode, stderr } = await ended
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  })

  it('stops at Ctrl-C, exits with 130 and leaves no half-written file', async () => {
    const flags = ['--eps', '0.1', '--set', 'steps=4000', '--set', 'early-stop=false', '--save', file('e.npy')]
    const { child, ended } = started('attack', 'run', 'pgd', ...digits, '--rows', '0:16', ...flags)
    child.stderr.once('data', () => setTimeout(() => child.kill('SIGINT'), 300))
    const { exitCode, stderr } = await ended
    expect(exitCode, stderr).toBe(130)
    expect(stderr).toMatch(/interrupted\n$/)
    expect(await readdir(file('.'))).toEqual([])
  })
})
