import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { defaulted, optional, toggle } from '../flags/flag.ts'
import { oneOf, text } from '../flags/parse.ts'

export const dataLineage = defineCommand({
  name: 'data lineage',
  summary: 'Show what data or a model is made of, or what was made of it, from the signed records',
  arguments: [{ spec: '[file]', help: 'file, folder or SHA-256 (8 digits are enough); left out: all records' }],
  flags: {
    forward: toggle('--forward', 'what was made of it: data sets, models, releases that contain it'),
    format: defaulted(
      '--format <format>',
      'text, mermaid, svg or json',
      oneOf('text', 'mermaid', 'svg', 'json'),
      'text',
    ),
    export: optional(
      '--export <format>',
      'openlineage (JSON Lines) or croissant (of one file), instead',
      oneOf('openlineage', 'croissant'),
    ),
    namespace: defaulted('--namespace <name>', 'namespace of jobs and data sets in OpenLineage', text, 'bartizan'),
    out: optional('--out <file>', 'write it to a file', text),
    project: defaulted('--project <folder>', 'folder of bartizan.yaml', text, '.', 'this one'),
  },
  examples: [
    'bartizan data lineage model.onnx',
    'bartizan data lineage raw.csv --forward --format svg --out poisoned.svg',
    'bartizan data lineage --export openlineage --out events.jsonl',
  ],
  async run({ flags, arguments: [file], out }) {
    const [{ drawLineage, isSound }, { lineageText }] = await Promise.all([
      import('../work/lineage.ts'),
      import('../text/lineage-text.ts'),
    ])
    const drawn = await drawLineage(file, flags)
    const { lineage, notes, text } = drawn
    for (const note of notes) out.print(note)
    if (drawn.file !== undefined) out.print(`written: ${drawn.file}`)
    else out.print((text ?? lineageText(lineage, out.width)).trimEnd())
    await out.json(lineage)
    return isSound(lineage) ? exitCodes.passed : exitCodes.failed
  },
})
