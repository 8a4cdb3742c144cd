import { readFile, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataBias } from '../../src/cli/commands/data-bias.ts'
import { programOf } from '../../src/cli/program.ts'
import { biasResultSchema } from '../../src/contract/bias-result.ts'
import { inFolder, repeated } from './rows.ts'

/** Runs the command with these arguments: its exit code and what it printed. */
const run = async (...args: readonly string[]) => {
  const printed: string[] = []
  let exitCode = -1
  const stream = { write: (text: string | Uint8Array) => printed.push(String(text)) > 0, isTTY: false, columns: 120 }
  await programOf({
    commands: [dataBias],
    groups: { data: 'data' },
    version: '0.0.0',
    terminal: { stdout: stream, stderr: stream },
    finished: (code) => {
      exitCode = code
    },
  }).parseAsync(['data', 'bias', ...args], { from: 'user' })
  return { exitCode, text: printed.join('') }
}

const fair = repeated('sex,y', ['f,1', 500], ['f,0', 500], ['m,1', 520], ['m,0', 480])
const unfair = repeated('sex,y', ['f,1', 200], ['f,0', 800], ['m,1', 520], ['m,0', 480])
const small = repeated('sex,y', ['f,1', 14], ['f,0', 16], ['m,1', 17], ['m,0', 13])

describe('bartizan data bias', () => {
  it.each([
    ['passed', fair, 0],
    ['failed', unfair, 1],
    ['inconclusive', small, 1],
  ] as const)('%s', async (verdict, csv, code) => {
    await inFolder(async (write, folder) => {
      const json = join(folder, 'result.json')
      const { exitCode, text } = await run(
        await write('rows.csv', csv),
        '--protected',
        'sex',
        '--label',
        'y',
        '--json',
        json,
      )
      expect(exitCode).toBe(code)
      expect(text).toContain(verdict.toUpperCase())
      expect(text).toContain('No metric is fairness')
      const result = biasResultSchema.parse(JSON.parse(await readFile(json, 'utf8')))
      expect(result.verdict).toBe(verdict)
    })
  })
  it('takes its limits and files from flags', async () => {
    await inFolder(async (write, folder) => {
      const path = await write('rows.csv', unfair)
      const weighted = join(folder, 'w.csv')
      const flags = [
        '--protected',
        'sex',
        '--label',
        'y',
        '--max-gap',
        '1/2',
        '--min-group',
        '10',
        '--privileged',
        'sex=m',
      ]
      const { exitCode, text } = await run(path, ...flags, '--reweigh', weighted, '--project', folder)
      expect(exitCode).toBe(0)
      expect(text).toContain('compared with sex=m')
      expect(text).toContain('< 4/5')
      expect(await readFile(weighted, 'utf8')).toContain('sex,y,weight\nf,1,')
    })
  })
  it('refuses to write over what it reads, also through a link', async () => {
    await inFolder(async (write) => {
      const path = await write('rows.csv', fair)
      const shares = await write('shares.csv', 'column,value,share\nsex,f,0.5\nsex,m,0.5\n')
      const link = join(dirname(path), 'link.csv')
      await symlink(path, link)
      const common = [path, '--protected', 'sex', '--label', 'y', '--reference', shares] as const
      for (const output of [link, shares])
        await expect(run(...common, '--reweigh', output)).rejects.toMatchObject({ code: 'USAGE' })
      expect(await readFile(path, 'utf8')).toBe(fair)
    })
  })
  it.each([
    ['--max-gap', '2'],
    ['--judge', 'fairness'],
    ['--bins', 'sex'],
    ['--sampling', 'random'],
  ])('refuses %s %s', async (...flags) => {
    await inFolder(async (write) => {
      const path = await write('rows.csv', fair)
      await expect(run(path, '--protected', 'sex', '--label', 'y', ...flags)).rejects.toMatchObject({ code: 'USAGE' })
    })
  })
})
