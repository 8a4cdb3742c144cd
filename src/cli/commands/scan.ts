import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { defaulted, optional, repeated } from '../flags/flag.ts'
import { oneOf, text } from '../flags/parse.ts'

export const scan = defineCommand({
  name: 'scan',
  summary: 'Inspect model files, archives and folders for code that would run on load, without loading anything',
  arguments: [{ spec: '<path>', help: 'file or folder; links in it are not followed' }],
  flags: {
    failOn: defaulted(
      '--fail-on <severity>',
      'findings this bad or worse fail: critical, high, medium, low, info',
      oneOf('critical', 'high', 'medium', 'low', 'info'),
      'medium',
    ),
    allow: repeated('--allow <import>', 'your own class or function, module.Name or module.*: not reported', text),
    sarif: optional('--sarif <file>', 'write SARIF 2.1.0 for code scanning', text),
  },
  examples: ['bartizan scan model.pkl', 'bartizan scan models --allow mypackage.layers.Gate --sarif scan.sarif'],
  async run({ flags, arguments: [path = ''], out }) {
    const [{ scanArtefacts }, { scanText }] = await Promise.all([
      import('../work/scanning.ts'),
      import('../text/scan-text.ts'),
    ])
    const result = await scanArtefacts(path, flags)
    out.print(scanText(result, out.width))
    await out.json(result)
    return result.verdict === 'passed' ? exitCodes.passed : exitCodes.failed
  },
})
