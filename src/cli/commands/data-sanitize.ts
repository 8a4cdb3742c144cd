import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { projectFlag } from '../flags/common.ts'
import { defaulted, optional, repeated, toggle } from '../flags/flag.ts'
import { assignment, names, share, text, wholeNumber } from '../flags/parse.ts'

export const dataSanitize = defineCommand({
  name: 'data sanitize',
  summary: 'Take personal data and harmful content out of tables, texts and images',
  arguments: [{ spec: '<file>', help: 'CSV, TSV, JSONL, Parquet, plain text, an image or a folder of images' }],
  flags: {
    out: optional('--out <file>', 'the sanitised file or folder (required without --dry-run)', text),
    dryRun: toggle('--dry-run', 'write nothing; exits with 1 where something would change'),
    action: repeated(
      '--action <kind=action>',
      'report, ignore, drop, remove, mask[:n], hash, token, generalise, fake, neutralise; may be given several times',
      assignment,
    ),
    kinds: optional('--kinds <names>', 'look for these kinds only, with commas between', names),
    columns: optional('--columns <names>', 'look at these columns only, with commas between', names),
    minScore: optional('--min-score <s>', 'how sure a finding must be, 0 to 1 (default 0.5)', share),
    regions: optional('--regions <codes>', 'countries whose phone numbers and ids are looked for: DE,FR', names),
    rules: optional('--rules <file.yaml>', 'actions by kind and by column; flags come before it', text),
    key: optional('--key <file>', '32 or more random bytes, for hash, token and fake', text),
    restore: toggle('--restore', 'turn the tokens made with --key back into what they stand for'),
    nfc: toggle('--nfc', "bring text to Unicode's normal form C"),
    noHeader: toggle('--no-header', 'the first row of a CSV file is data: columns are column0, column1, …'),
    reencode: toggle('--reencode', 'decode images and write them anew'),
    maxEntities: defaulted('--max-entities <n>', 'findings listed in the JSON; all are counted', wholeNumber, '1000'),
    explain: toggle(
      '--explain',
      'tell which candidates for personal data are none, and why; takes about four times as long',
    ),
    project: projectFlag(),
  },
  examples: [
    'bartizan data sanitize people.csv --out clean.csv',
    'bartizan data sanitize people.csv --dry-run --json -',
    'bartizan data sanitize chat.jsonl --out chat.clean.jsonl --action email=token --key key.bin',
    'bartizan data sanitize chat.clean.jsonl --out chat.jsonl --restore --key key.bin',
  ],
  async run({ flags, arguments: [file = ''], out }) {
    const [{ sanitiseData }, { sanitiseText }] = await Promise.all([
      import('../work/sanitising.ts'),
      import('../text/sanitise-text.ts'),
    ])
    const result = await sanitiseData(file, flags)
    out.print(sanitiseText(result, out.width))
    await out.json(result)
    return result.verdict === 'would change' ? exitCodes.failed : exitCodes.passed
  },
})
