import { batteryEffortSchema } from '../../contract/index.ts'
import { norms, transformations } from '../../threat/norm.ts'
import { defineCommand } from '../command.ts'
import { askAgainFlag, endpointFlag, levelsFlag, rowFlags, threadsFlag } from '../flags/common.ts'
import { optional, toggle } from '../flags/flag.ts'
import { amounts, oneOf, range, text } from '../flags/parse.ts'

export const assess = defineCommand({
  name: 'assess',
  summary:
    'Measure a model as bartizan.yaml says: clean rows, attacks, findings, gates; write the reports and evidence',
  arguments: [{ spec: '[config]', help: 'configuration (default: bartizan.yaml)' }],
  flags: {
    resume: toggle('--resume', 'keep what an interrupted run on the same inputs finished'),
    out: optional('--out <folder>', 'folder of the reports, instead of the configuration’s', text),
    askAgain: askAgainFlag(),
    class: optional(
      '--class <class>',
      'run the probes of one class only: evasion, poisoning or backdoor; default: what the configuration names',
      oneOf('evasion', 'poisoning', 'backdoor', 'membership', 'inversion', 'attribute', 'extraction'),
    ),
    model: optional('--model <file>', 'ONNX file, with --data in place of a configuration', text),
    endpoint: endpointFlag(),
    data: optional('--data <file>', 'rows', text),
    ...rowFlags(),
    trainingData: optional('--training-data <file>', 'rows that the model learned from, for --class poisoning', text),
    trainingLabels: optional('--training-labels <file>', 'their labels; else --label names a column', text),
    range: optional('--range <low,high>', 'lowest and highest value of an input (default 0,1)', range),
    levels: levelsFlag(),
    norm: optional('--norm <norm>', 'how changes are measured (default linf)', oneOf(...norms, ...transformations)),
    eps: optional('--eps <budgets>', 'budgets in input units, with commas between', amounts),
    battery: optional(
      '--battery <effort>',
      'attacks chosen from the threat: quick, standard or thorough, whatever the configuration lists',
      oneOf(...batteryEffortSchema.options),
    ),
    threads: threadsFlag(),
  },
  usesSeed: true,
  examples: [
    'bartizan assess',
    'bartizan assess --resume',
    'bartizan assess --model model.onnx --data rows.npy --labels y.npy --rows 0:256 --eps 2/255,8/255',
  ],
  async run({ flags, arguments: [file], seed, out }) {
    const [{ assessmentFrom }, { renderText, renderJson }, { filesText }] = await Promise.all([
      import('../work/assessment.ts'),
      import('../../assessment/report/index.ts'),
      import('../text/files-text.ts'),
    ])
    const { report, files } = await assessmentFrom({ ...flags, config: file, seed, progress: out.progress })
    out.print(renderText(report, out.width))
    out.print(filesText(files))
    await out.json(JSON.parse(renderJson(report)))
    return report.exitCode
  },
})
