import { defineCommand } from '../command.ts'
import { modelFlag } from '../flags/common.ts'
import { required } from '../flags/flag.ts'
import { hardeningFlags } from '../flags/hardening.ts'
import { text } from '../flags/parse.ts'

export const harden = defineCommand({
  name: 'harden',
  summary: 'Make a better model of a model, and prove it: the same attacks before and after; exits with 1 if it is not',
  flags: {
    model: modelFlag(),
    method: required('--method <name>', 'what to do; `bartizan harden list` shows all', text),
    ...hardeningFlags(),
  },
  usesSeed: true,
  examples: [
    'bartizan harden --method trades --model m.onnx --data x.npy --labels y.npy --eps 8/255 --out h.onnx',
    'bartizan harden … --set epochs=5 --checkpoint run.ckpt --report before-after.html',
    'bartizan harden … --checkpoint run.ckpt --resume',
  ],
  async run({ flags, seed = 0, out }) {
    const { runHardening } = await import('../work/hardening.ts')
    return runHardening({ ...flags, name: 'harden', seed }, out)
  },
})
