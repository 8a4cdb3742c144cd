import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { attacks } from '../../src/attacks/index.ts'
import { errorCodes, exitCodes } from '../../src/base/errors.ts'
import { commands } from '../../src/cli/commands/index.ts'
import { attacksPage } from '../../src/cli/text/attacks-page.ts'

/** Tables may be aligned by a formatter. */
const docs = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8').replace(/ +/g, ' ')

/** The part of the page that is about one command. */
const section = (name: string): string =>
  docs.split(/^## /m).find((part) => part.startsWith(`bartizan ${name}\n`)) ?? ''

describe('docs/commands.md', () => {
  it.each(commands)(
    'has a section on $name with its flags, arguments and an example',
    ({ name, flags, ...command }) => {
      const text = section(name)
      for (const { option } of Object.values(flags))
        expect(text).toContain(`| \`${option.flags}\` | ${option.description} |`)
      for (const { spec } of command.arguments ?? []) expect(text, name).toContain(`\`${spec}\``)
      expect(text).toContain('```sh\nbartizan ')
    },
  )

  it('has no section on a command that is not there', () => {
    const names = [...docs.matchAll(/^## bartizan (.*)$/gm)].map(([, name]) => name)
    expect(names).toEqual(commands.map(({ name }) => name))
  })

  it('lists every error code with its exit code', () => {
    for (const [code, { exit }] of Object.entries(errorCodes))
      expect(docs).toMatch(new RegExp(`\\| \`${code}\` \\| ${exit} \\|`))
    for (const exit of Object.values(exitCodes)) expect(docs).toMatch(new RegExp(`^\\| ${exit} \\|`, 'm'))
  })
})

describe('docs/attacks.md', () => {
  it('is what the attacks say of themselves (npm run docs)', () => {
    const page = readFileSync(new URL('../../docs/attacks.md', import.meta.url), 'utf8')
    expect(page.trimEnd()).toBe(attacksPage([...attacks.values()]).trimEnd())
  })
})
