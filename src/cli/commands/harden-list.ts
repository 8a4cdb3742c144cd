import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'

export const hardenList = defineCommand({
  name: 'harden list',
  summary: 'List the methods that make a better model, or the parameters of one',
  arguments: [{ spec: '[name]', help: 'method whose parameters to show' }],
  flags: {},
  examples: ['bartizan harden list', 'bartizan harden list trades'],
  async run({ arguments: [name], out }) {
    const [{ defenses }, { aimOf, methodNamed }, { methodListText, methodText }] = await Promise.all([
      import('../../defenses/index.ts'),
      import('../../assessment/hardening/methods.ts'),
      import('../text/hardening-list-text.ts'),
    ])
    const chosen = name === undefined ? [...defenses.values()] : [methodNamed(name)]
    out.print(name === undefined ? methodListText(chosen, out.width) : methodText(chosen[0]!, out.width))
    await out.json(
      chosen.map((method) => {
        const { id, title, reference, holds, parameters } = method
        return { id, title, reference, holds, aim: aimOf(method), parameters }
      }),
    )
    return exitCodes.passed
  },
})
