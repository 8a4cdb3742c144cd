import { describe, expect, it } from 'vitest'
import { corruptions } from '../../attacks/evasion/corruptions/index.ts'
import { randomNet } from '../../attacks/testing.ts'
import { configSchema } from '../../contract/index.ts'
import { figure } from '../../stats/index.ts'
import { planBattery } from '../battery.ts'
import { judgeGates } from '../gates.ts'
import type { ProbeRecord } from '../probe-record.ts'
import { gateSentence } from '../report/format.ts'
import { corruptionFinding } from './finding.ts'
import { summariseCorruptions } from './summary.ts'

const record = (attack: string, epsilon: number, broken: readonly boolean[]): ProbeRecord => {
  const rows = broken.length
  return {
    id: `${attack}-severity-${epsilon}`,
    attack,
    access: 'nothing',
    norm: 'severity',
    epsilon,
    params: {},
    result: {
      rows,
      cleanAccuracy: figure(rows, rows),
      robustAccuracy: figure(broken.filter((one) => !one).length, rows),
      distance: { norm: 'severity', median: null, mean: null, max: null },
      queries: { forward: 0, gradient: 0 },
    },
    outcome: {
      right: broken.map(() => true),
      broken,
      after: broken.map(Number),
      distances: broken.map(() => epsilon),
      brokenAfter: broken.map(() => 0),
    },
    examples: '',
    worst: [],
    seconds: 0,
  }
}

const [yes, no] = [true, false]
const records = [
  record('fog', 1, [yes, no, no, no]),
  record('fog', 3, [no, yes, yes, no]),
  record('snow', 1, [no, no, no, no]),
  record('snow', 3, [no, no, no, yes]),
]

describe('the table of corruptions', () => {
  const summary = summariseCorruptions(records)!

  it('has the accuracies, their means and the worst', () => {
    expect(summary.table.map(({ attack, accuracies }) => [attack, ...accuracies.map((a) => a.accuracy.value)])).toEqual(
      [
        ['fog', 0.75, 0.5],
        ['snow', 1, 0.75],
      ],
    )
    expect(summary.table.map(({ mean }) => mean.value)).toEqual([0.625, 0.875])
    expect(summary.bySeverity.map(({ accuracy }) => accuracy.value)).toEqual([0.875, 0.625])
    expect(summary.mean).toMatchObject({ value: 0.75, n: 4 })
    expect(summary.worst).toBe('fog')
  })

  it('has intervals over rows, not over rows times corruptions', () => {
    // Every row is lost under one of four probes: nothing differs between rows.
    expect(summary.mean.high - summary.mean.low).toBeCloseTo(0, 10)
    expect(summary.table[0]!.mean.high - summary.table[0]!.mean.low).toBeGreaterThan(0.3)
  })

  it('is none where no corruption ran', () => expect(summariseCorruptions([])).toBeUndefined())
})

describe('gates on a severity', () => {
  const gate = (epsilon: number, attack?: string) => ({
    id: `${attack}-${epsilon}`,
    metric: 'robust-accuracy' as const,
    norm: 'severity' as const,
    epsilon,
    attack,
    atLeast: 0.5,
    atMost: undefined,
    judgeBy: 'value' as const,
  })
  const judged = judgeGates([gate(3, 'fog'), gate(3), gate(1)], {
    clean: figure(4, 4),
    records,
    rows: 4,
    findings: 0,
    flags: 0,
  })

  it('judge one corruption by the figure of the table, and all by the rows that none breaks at that severity', () => {
    expect(judged.map(({ measured, passed }) => [(measured as { value: number }).value, passed])).toEqual([
      [0.5, true],
      [0.25, false],
      [0.75, true],
    ])
  })

  it('name the corruption that decided, in their sentence too', () => {
    expect(judged.map(({ corruption }) => [corruption!.attack, corruption!.severity])).toEqual([
      ['fog', 3],
      ['fog', 3],
      [expect.any(String), 1],
    ])
    expect(judged[1]!.corruption!.accuracy.value).toBe(0.5)
    const input = { range: [0, 1] as [number, number], units: 'units', shape: [1, 8, 8] }
    expect(gateSentence(judged[1]!, input)).toMatch(
      /^Robust accuracy at severity 3 is 25\.0 % .*; worst corruption: fog at severity 3, 50\.0 % alone$/,
    )
    expect(gateSentence(judged[0]!, input)).toMatch(/worst corruption: fog at severity 3, 50\.0 %$/)
  })

  it('make what is lost a grave finding where one does not hold', () => {
    const [finding] = corruptionFinding({ records, gates: judged, reproduce: ({ id }) => id })
    expect(finding).toMatchObject({ severity: 'high', probe: 'fog-severity-3', reproduce: 'fog-severity-3' })
    expect(corruptionFinding({ records, gates: [], reproduce: () => '' })[0]!.severity).toBe('medium')
    expect(corruptionFinding({ records: [records[2]!], gates: [], reproduce: () => '' })).toEqual([])
  })
})

describe('the battery', () => {
  const input = { range: [0, 1], units: '', shape: [3, 9, 8] } as const
  const plan = async (threat: object, battery: unknown = 'auto', dims: readonly number[] = [3, 9, 8]) =>
    planBattery(
      configSchema.parse({ model: { path: 'm.onnx' }, data: { path: 'x.npy' }, threat, battery }),
      await randomNet(dims, 3),
      input,
    )
  const severity = { norm: 'severity', epsilon: [1, 3] }

  it('runs every corruption at every severity, and nothing else there', async () => {
    const probes = await plan({ access: 'labels', norms: [severity] })
    expect(probes.map(({ id }) => id)).toEqual(
      corruptions.flatMap(({ id }) => [1, 3].map((at) => `${id}-severity-${at}`)),
    )
    expect(probes.every(({ notRun }) => notRun === undefined)).toBe(true)
  })

  it('takes the whole set by one name, beside other attacks', async () => {
    const norms = [{ norm: 'linf', epsilon: 0.1 }, severity]
    const probes = await plan({ norms }, [{ attack: 'pgd' }, { attack: 'corruptions', rows: 9 }])
    expect(probes).toHaveLength(1 + 2 * corruptions.length)
    expect(probes[1]).toMatchObject({ id: 'gaussian-noise-severity-1', rows: 9 })
  })

  it('says what colour corruptions lack on grey images', async () => {
    const probes = await plan({ norms: [severity] }, 'auto', [1, 9, 8])
    expect(probes.filter(({ notRun }) => notRun).map(({ id }) => id)).toEqual([
      'saturate-severity-1',
      'saturate-severity-3',
    ])
  })

  it.each([[2.5], [6], ['1/2']])('has no severity %s', (epsilon) => {
    const threat = { norms: [{ norm: 'severity', epsilon }] }
    const parsed = configSchema.safeParse({ model: { path: 'm.onnx' }, data: { path: 'x.npy' }, threat })
    expect(parsed.error?.issues[0]).toMatchObject({ path: ['threat', 'norms', 0, 'epsilon'] })
  })
})
