import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { defaulted, optional, repeated, toggle } from '../flags/flag.ts'
import { text, wholeNumber } from '../flags/parse.ts'

export const dataProve = defineCommand({
  name: 'data prove',
  summary: 'Prove that a row is in recorded data, or a value is not; that the data is unchanged; or check a proof',
  arguments: [{ spec: '[file]', help: 'recorded data; left out with --verify' }],
  flags: {
    row: optional('--row <n>', 'prove that row N, counted from 0, is in the data', wholeNumber),
    absent: repeated('--absent <value>', 'prove that this row, or with --column this value, is not in the data', text),
    column: optional('--column <name>', 'column that the absent values would be in', text),
    withhold: repeated(
      '--withhold <n>',
      'write all rows of salted data but this one; the root stays provable',
      wholeNumber,
    ),
    unchanged: toggle('--unchanged', 'compare the data with its manifest, and name what changed'),
    grownFrom: optional(
      '--grown-from <manifest>',
      'prove that the data begins with what this earlier manifest commits to',
      text,
    ),
    verify: optional('--verify <proof>', 'check a proof or a disclosure; needs nothing but the root', text),
    root: optional('--root <hex>', 'root of the manifest that counts, with --verify', text),
    manifest: optional('--manifest <file>', 'manifest of the data (default: the newest that is recorded for it)', text),
    out: optional('--out <file>', 'file for the proof (default proof.json)', text),
    project: defaulted('--project <folder>', 'folder of bartizan.yaml', text, '.', 'this one'),
  },
  examples: [
    'bartizan data prove train.csv --row 17 --out proof.json',
    'bartizan data prove people.csv --absent ada@example.org --column email',
    'bartizan data prove --verify proof.json --manifest manifest.json',
  ],
  async run({ flags, arguments: [file], out }) {
    const [{ proveData }, { proofText }] = await Promise.all([
      import('../work/proving.ts'),
      import('../text/record-text.ts'),
    ])
    const result = await proveData(file, flags)
    out.print(proofText(result, out.width))
    await out.json(result)
    return result.verdict === 'passed' ? exitCodes.passed : exitCodes.failed
  },
})
