import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'

export const attackList = defineCommand({
  name: 'attack list',
  summary: 'List the attacks, or the parameters of one',
  arguments: [{ spec: '[name]', help: 'attack whose parameters to show' }],
  flags: {},
  examples: ['bartizan attack list', 'bartizan attack list pgd'],
  async run({ arguments: [name], out }) {
    const [{ attacks }, { attackNamed }, { attackListText, attackText }] = await Promise.all([
      import('../../attacks/index.ts'),
      import('../../assessment/battery.ts'),
      import('../text/attack-list-text.ts'),
    ])
    const chosen = name === undefined ? [...attacks.values()] : [attackNamed(name)]
    out.print(name === undefined ? attackListText(chosen, out.width) : attackText(chosen[0]!, out.width))
    await out.json(
      chosen.map(
        ({ id, title, reference, access, domain = 'any', norms, minimal = false, transfers = false, parameters }) => ({
          id,
          title,
          reference,
          access,
          domain,
          norms,
          minimal,
          transfers,
          parameters,
        }),
      ),
    )
    return exitCodes.passed
  },
})
