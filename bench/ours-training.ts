import { readFileSync } from 'node:fs'
import { attacks } from '../src/attacks/index.ts'
import { readNpz } from '../src/data/index.ts'
import { attacked } from '../src/defenses/training/inner-attack.ts'
import { classifierFrom } from '../src/models/classifier.ts'
import { momentum } from '../src/onnx/optimisers.ts'
import { readModel } from '../src/onnx/read.ts'
import { standard } from '../src/training/objective.ts'
import { memoryStore } from '../src/training/row-store.ts'
import { train } from '../src/training/train.ts'
import { trainingGraph } from '../src/training/training-mode/index.ts'

/** Training steps as bench/peers/training.py makes them: `ours-training.ts TASK MODEL.onnx ROWS.npz THREADS`; JSON. */
const [task, path, rowsPath, threadText] = process.argv.slice(2) as [string, string, string, string]
const threads = Number(threadText)
const arrays = await readNpz(rowsPath)
const x = arrays.x!.data as Float32Array
const labels = Int32Array.from(arrays.y!.data as ArrayLike<number>, Number)
const store = memoryStore(x, labels)
const source = readModel(readFileSync(path))
const options = { path, sha256: '', threads }
const trained = trainingGraph(await classifierFrom(source, options))
const model = await classifierFrom(source, { ...options, trainable: trained.trainable })
const plain = standard()
const threat = { norm: 'linf', epsilon: 0.3, low: 0, high: 1, attack: (id: string) => attacks.get(id)! } as const
const warmup = 15
let [started, first] = [0, 0]
const request = {
  model,
  trained,
  store,
  objective:
    task === 'plain'
      ? plain
      : {
          ...plain,
          prepare: async (batch, now) => ({
            x: await attacked(threat, now, batch, {
              id: 'pgd',
              parameters: { steps: 7, 'step-size': 0.075, 'early-stop': false },
            }),
          }),
        },
  optimiser: momentum(),
  schedule: () => 0.01,
  epochs: 1,
  batch: 128,
  seed: 0,
  threads,
  progress({ step }) {
    if (step === warmup) [started, first] = [performance.now(), step]
  },
} satisfies Parameters<typeof train>[0]
await train(request)
const steps = Math.ceil(labels.length / 128) - first
const megabytes = process.resourceUsage().maxRSS / 1024
process.stdout.write(`${JSON.stringify({ seconds: (performance.now() - started) / 1000 / steps, megabytes })}\n`)
