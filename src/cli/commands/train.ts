import { defineCommand } from '../command.ts'
import { defaulted, optional } from '../flags/flag.ts'
import { hardeningFlags } from '../flags/hardening.ts'
import { text } from '../flags/parse.ts'

export const train = defineCommand({
  name: 'train',
  summary: 'Train a model further, or one from nothing, and measure it before and after; attacks it if --eps is given',
  flags: {
    model: optional('--model <file>', 'ONNX file to go on from', text),
    architecture: optional(
      '--architecture <layers>',
      'in place of --model: mnist-cnn, mlp, small-resnet, or layers such as "dense 64, relu, dense classes"',
      text,
    ),
    method: defaulted('--method <name>', 'way of training; `bartizan harden list` shows all', text, 'standard'),
    ...hardeningFlags(),
  },
  usesSeed: true,
  examples: [
    'bartizan train --architecture mnist-cnn --data x.npy --labels y.npy --out model.onnx',
    'bartizan train --model m.onnx --data x.npy --labels y.npy --set learning-rate=0.01 --out tuned.onnx',
    'bartizan train … --data rows.parquet --label y --require-validated schema.yaml --validated-within 7d',
  ],
  async run({ flags, seed = 0, out }) {
    const { runHardening } = await import('../work/hardening.ts')
    return runHardening({ ...flags, name: 'train', seed }, out)
  },
})
