import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { run } from '../run.ts'
import { commands, groups } from './index.ts'

const captured = async (...args: string[]) => {
  let [stdout, stderr] = ['', '']
  const terminal = {
    stdout: { write: (text: string) => (stdout += text), columns: 100 },
    stderr: { write: (text: string) => (stderr += text), columns: 100 },
  }
  return { exitCode: await run(args, terminal, {}), stdout, stderr }
}

describe('the list of commands', () => {
  it('is the folder', () => {
    const files = readdirSync(new URL('.', import.meta.url)).filter((file) => /^(?!index|.*\.test).*\.ts$/.test(file))
    expect(commands.map(({ name }) => `${name.replace(' ', '-')}.ts`).sort()).toEqual(files.sort())
  })

  it('has no name twice, and describes every group', () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length)
    for (const { name } of commands.filter((command) => command.name.includes(' ')))
      expect(groups[name.split(' ')[0]!]).toBeTruthy()
  })
})

describe.each(commands)('bartizan $name', ({ name, examples }) => {
  it('explains itself with an example, on standard output, and exits with 0', async () => {
    const { exitCode, stdout, stderr } = await captured(...name.split(' '), '--help')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) {
      expect(example).toContain(`bartizan ${name}`)
      expect(stdout).toContain(example)
    }
    expect(stdout).toContain('--json <file>')
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(104)
  })

  it('refuses a mistyped flag with the nearest one', async () => {
    const { exitCode, stdout, stderr } = await captured(...name.split(' '), '--jsn', '-')
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain("error USAGE: unknown option '--jsn'")
    expect(stderr).toContain('--json')
  })
})

describe('bartizan', () => {
  it.each([
    ['inspct', 'inspect'],
    ['attak', 'attack'],
    ['predicts', 'predict'],
  ])('offers the nearest command for %s', async (typed, near) => {
    const { exitCode, stderr } = await captured(typed)
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`did you mean ${near}?`)
  })

  it.each([
    [['predict'], '--model <file> is missing'],
    [['predict', '--model', 'm.onnx'], '--data <file> is missing'],
    [['inspect'], "missing required argument 'file'"],
    [['inspect', 'a', 'b'], 'too many arguments'],
    [['attack', 'run', 'pgdd', '--model', 'm', '--data', 'd', '--eps', '1'], 'there is no attack "pgdd"'],
    [['attack', 'run', 'pgd', '--model', 'm', '--data', 'd'], 'pgd needs a budget'],
    [['attack', 'run', 'pgd', '--model', 'm', '--data', 'd', '--eps', '1', '--set', 'step=3'], 'no parameter "step"'],
    [['assess', 'a.yaml', '--model', 'm.onnx', '--data', 'd'], 'were both given'],
    [['assess', '--model', 'm.onnx'], '--data is missing'],
    [['assess', '--rows', '0:5'], '--rows goes with --model and --data'],
    [['assess', '--class', 'membership'], 'no probes of the class membership'],
  ])('%j is a usage error', async (args, message) => {
    const { exitCode, stdout, stderr } = await captured(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('lists the sub-commands of a group that was named without one, and says that this is no success', async () => {
    const { exitCode, stderr } = await captured('attack')
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/run .*<name>/)
  })

  it('lists every attack with its parameters as JSON', async () => {
    const { exitCode, stdout, stderr } = await captured('attack', 'list', '--json', '-')
    expect(exitCode).toBe(0)
    expect(stderr).toContain('Projected gradient descent')
    const listed = JSON.parse(stdout) as { id: string; parameters: object }[]
    expect(listed.find(({ id }) => id === 'pgd')?.parameters).toHaveProperty('steps')
  })

  it('prints the schema of the configuration once', async () => {
    const { stdout } = await captured('schema', '--json', '-')
    expect(JSON.parse(stdout)).toMatchObject({ title: 'bartizan.yaml', type: 'object' })
  })
})
