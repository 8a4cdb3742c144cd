import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stream } from '../src/base/random.ts'
import type { AnnotationMethod } from '../src/contract/annotations.ts'
import { assessAnnotations } from '../src/screening/annotators/index.ts'

/**
 * `tsx bench/annotators.ts [annotators] [answers] [classes] [method]`: made-up answers, five an item, one annotator in
 * twenty without any skill; then the whole assessment of the table: wall and processor seconds and the peak of the
 * resident memory of this process.
 */
const [people = 100_000, answers = 1_000_000, classes = 10] = process.argv.slice(2, 5).map(Number)
const method = process.argv[5] as AnnotationMethod | undefined
const folder = mkdtempSync(join(tmpdir(), 'bartizan-bench-'))
const path = join(folder, 'answers.csv')

const write = (): void => {
  const random = stream(1, 'annotators')
  const skill = Array.from({ length: people }, (_, w) => (w % 20 === 0 ? 0 : 0.6 + 0.35 * random.uniform()))
  const lines = ['item,annotator,label']
  for (let i = 0; i < answers / 5; i++) {
    const truth = random.integer(classes)
    for (let j = 0; j < 5; j++) {
      const w = random.integer(people)
      lines.push(`i${i},w${w},c${random.uniform() < skill[w]! ? truth : random.integer(classes)}`)
    }
  }
  writeFileSync(path, `${lines.join('\n')}\n`)
}

const main = async (): Promise<void> => {
  write()
  const [start, before] = [performance.now(), process.cpuUsage()]
  const columns = { item: 'item', annotator: 'annotator', label: 'label' }
  const { counts, consensus, accused } = await assessAnnotations(path, { ...columns, ...(method && { method }) })
  const { user, system } = process.cpuUsage(before)
  const figures = {
    answers: counts.answers,
    annotators: counts.annotators,
    method: consensus.method,
    iterations: consensus.iterations,
    ...accused,
    wallSeconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
}

await main().finally(() => rmSync(folder, { recursive: true }))
