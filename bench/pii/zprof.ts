import { detectors } from '../../src/screening/pii/registry.ts'
import { scanOf } from '../../src/screening/pii/scan.ts'
import { mails } from './mail.ts'
import { prose } from './prose.ts'

const mail = mails(300)
for (const [name, texts] of [
  ['prose', [prose(2_000_000)]],
  ['mail', mail],
] as const) {
  const mb = texts.reduce((s, t) => s + t.length, 0) / 1e6
  for (let r = 0; r < 2; r++) {
    let out = ''
    const times = new Map<string, number>()
    for (const t of texts) {
      let c = process.cpuUsage()
      const lap = (n: string) => {
        const d = process.cpuUsage(c)
        times.set(n, (times.get(n) ?? 0) + d.user / 1000)
        c = process.cpuUsage()
      }
      const s = scanOf(t, new Map(), undefined)
      lap('scan')
      for (const d of detectors) {
        d.find(s, () => {}, 0.5)
        lap(d.kinds.join())
      }
    }
    if (r) {
      for (const [n, t] of times) out += `${n}:${(t / mb).toFixed(0)} `
      process.stdout.write(
        `${name} ms/MB ${out} total ${([...times.values()].reduce((a, b) => a + b) / mb).toFixed(0)}\n`,
      )
    }
  }
}
