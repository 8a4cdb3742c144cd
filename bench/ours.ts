import { attacks } from '../src/attacks/index.ts'
import { readNpz } from '../src/data/index.ts'
import { openClassifier } from '../src/models/classifier.ts'
import { runAttack } from '../src/threat/runner.ts'

/** One measurement: `ours.ts ATTACK MODEL.onnx ROWS.npz EPSILON PARAMETERS`; prints JSON. A first run warms up. */
const [attack, model, rows, epsilon, parameters] = process.argv.slice(2) as [string, string, string, string, string]
const arrays = await readNpz(rows)
const labels = Int32Array.from(arrays.y!.data as ArrayLike<number>, Number)
const classifier = await openClassifier(model)
const run = (count: number) =>
  runAttack({
    attack: attacks.get(attack)!,
    model: classifier,
    x: (arrays.x!.data as Float32Array).slice(0, count * classifier.size),
    labels: labels.slice(0, count),
    norm: 'linf',
    epsilon: Number(epsilon),
    low: 0,
    high: 1,
    parameters: JSON.parse(parameters),
  })
await run(attack === 'autoattack' ? 2 : labels.length)
const [start, before] = [performance.now(), process.cpuUsage()]
const { clean, broken, queries } = await run(labels.length)
const { user, system } = process.cpuUsage(before)
const robust = [...labels.keys()].filter((row) => clean[row] === labels[row] && !broken[row]).length / labels.length
const seconds = (performance.now() - start) / 1000
process.stdout.write(`${JSON.stringify({ seconds, cpu: (user + system) / 1e6, robust, queries })}\n`)
