import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { toggle } from '../flags/flag.ts'

export const attackList = defineCommand({
  name: 'attack list',
  summary: 'List the attacks, or the parameters of one',
  arguments: [{ spec: '[name]', help: 'attack whose parameters to show' }],
  flags: { markdown: toggle('--markdown', 'print every attack with its parameters as a page of Markdown') },
  examples: ['bartizan attack list', 'bartizan attack list pgd', 'bartizan attack list --markdown > attacks.md'],
  async run({ flags: { markdown }, arguments: [name], out }) {
    const [{ attacks }, { attackNamed }, { attackListText, attackText }, { attacksPage }] = await Promise.all([
      import('../../attacks/index.ts'),
      import('../../assessment/battery.ts'),
      import('../text/attack-list-text.ts'),
      import('../text/attacks-page.ts'),
    ])
    const chosen = name === undefined ? [...attacks.values()] : [attackNamed(name)]
    if (markdown) out.print(attacksPage(chosen))
    else out.print(name === undefined ? attackListText(chosen, out.width) : attackText(chosen[0]!, out.width))
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
