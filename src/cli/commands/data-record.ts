import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { defaulted, optional, repeated, required, toggle } from '../flags/flag.ts'
import { assignment, oneOf, text } from '../flags/parse.ts'

export const dataRecord = defineCommand({
  name: 'data record',
  summary: 'Sign and log where data or a model came from: from what, by which command, into what',
  arguments: [{ spec: '<files...>', help: 'files or folders that the step took in or made' }],
  flags: {
    as: required('--as <role>', 'input (it came from outside) or output (a step made it)', oneOf('input', 'output')),
    step: required('--step <name>', 'what was done, e.g. collect, sanitise, split, train', text),
    from: repeated('--from <file>', 'what it was made of: a file, a folder, or a manifest of an earlier record', text),
    command: optional('--command <line>', 'command line that made it', text),
    param: repeated('--param <k=v>', 'parameter of the step', assignment),
    by: optional('--by <who>', 'who did it', text),
    licence: repeated('--licence <spdx>', 'licence of the data, as an SPDX expression', text),
    consent: repeated(
      '--consent <use=answer>',
      'allowed, constrained or notAllowed, e.g. ai_training=notAllowed',
      assignment,
    ),
    source: optional('--source <url>', 'where it was got', text),
    describedBy: optional(
      '--described-by <file>',
      'Croissant, Data Provenance Initiative, C2PA or .dvc file: its claims are kept, its digests compared',
      text,
    ),
    kind: defaulted(
      '--kind <kind>',
      'data, model, release or decision',
      oneOf('data', 'model', 'release', 'decision'),
      'data',
    ),
    model: toggle('--model', 'the files are models; short for --kind model'),
    rows: toggle('--rows', 'commit to every row, so that one can be proved to be in the data'),
    absence: toggle('--absence', 'commit to sorted digests of the rows, so that absence can be proved'),
    key: repeated('--key <column>', 'with --absence: prove absence of values of this column too', text),
    salted: toggle('--salted', 'blind rows with secret salts, so that one can be withheld and not be guessed'),
    grownFrom: optional('--grown-from <manifest>', 'earlier manifest of the file: only what was added is hashed', text),
    at: optional('--at <time>', 'when, ISO 8601 in UTC, e.g. 2026-01-31T12:00:00Z (default now)', text),
    project: defaulted('--project <folder>', 'folder of bartizan.yaml', text, '.', 'this one'),
  },
  examples: [
    'bartizan data record raw.csv --as input --step collect --source https://example.org/raw.csv',
    'bartizan data record clean.csv --as output --step sanitise --from raw.csv --by Ada',
    'bartizan data record model.onnx --as output --step train --from train.csv --model --param epochs=10',
  ],
  async run({ flags, arguments: files, out }) {
    const [{ recordFiles }, { recordText }, { counted }, { version }] = await Promise.all([
      import('../work/recording.ts'),
      import('../text/record-text.ts'),
      import('../text/fields.ts'),
      import('../version.ts'),
    ])
    const paths = files.filter((file) => file !== undefined)
    out.progress.start('recording')
    const result = await recordFiles(paths, flags, {
      tool: { name: 'bartizan', version: version() },
      onProgress: out.progress.update,
    })
    const hashed = result.data.reduce((sum, { bytesRead }) => sum + bytesRead, 0)
    out.progress.end(`${counted(hashed, 'byte')} hashed, signed and logged`)
    out.print(recordText(result, out.width))
    await out.json(result)
    return exitCodes.passed
  },
})
