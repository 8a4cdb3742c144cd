import type { Corruptions, Probe, Report } from '../../contract/index.ts'
import { figure } from '../../stats/index.ts'
import type { Picture } from './picture.ts'
import { sampleReport } from './sample-report.ts'
import { withVerdict } from './verdict.ts'

const severities = [1, 3, 5] as const

/** Rows of 256 that stay right, by corruption and severity. */
const kept: Readonly<Record<string, readonly [number, number, number]>> = {
  'gaussian-noise': [253, 240, 221],
  'elastic-transform': [250, 231, 180],
  fog: [249, 152, 31],
}

const probeOf = (attack: string, severity: number, right: number): Probe => ({
  id: `${attack}-severity-${severity}`,
  class: 'evasion',
  attack,
  norm: 'severity',
  epsilon: severity,
  params: {},
  status: 'measured',
  reproduce: `bartizan attack run ${attack} --model mnist-cnn.onnx --norm severity --eps ${severity} --seed 0`,
  result: {
    rows: 256,
    cleanAccuracy: figure(255, 256),
    robustAccuracy: figure(right, 256),
    distance: { norm: 'severity', median: severity, mean: severity, max: severity },
    queries: { forward: 0, gradient: 0 },
  },
  flags: [],
  worst: [],
})

const notRun: Probe = {
  id: 'saturate-severity-3',
  class: 'evasion',
  attack: 'saturate',
  norm: 'severity',
  epsilon: 3,
  params: {},
  status: 'not run',
  reason: 'it works on colour images [3, height, width], and rows are [1,28,28]',
  flags: [],
  worst: [],
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const corruptions: Corruptions = {
  severities: [...severities],
  rows: 256,
  table: Object.entries(kept).map(([attack, rights]) => ({
    attack,
    accuracies: severities.map((severity, i) => ({
      severity,
      accuracy: figure(rights[i]!, 256),
      probe: `${attack}-severity-${severity}`,
    })),
    mean: figure(Math.round(sum(rights) / 3), 256),
  })),
  bySeverity: severities.map((severity, i) => ({
    severity,
    accuracy: figure(Math.round(sum(Object.values(kept).map((rights) => rights[i]!)) / 3), 256),
  })),
  mean: figure(201, 256),
  worst: 'fog',
  strip: {
    row: 0,
    label: 7,
    severity: 3,
    clean: 'corruptions/clean',
    corrupted: Object.keys(kept).map((attack) => ({
      attack,
      predicted: attack === 'fog' ? 2 : 7,
      picture: `corruptions/${attack}`,
    })),
  },
}

/** The sample report with corruptions measured as well. */
export const sampleWithCorruptions = (): Report => {
  const report = sampleReport()
  const probes = Object.entries(kept).flatMap(([attack, rights]) =>
    severities.map((severity, i) => probeOf(attack, severity, rights[i]!)),
  )
  return withVerdict({ ...report, probes: [...report.probes, ...probes, notRun], corruptions })
}

export const corruptionPictures = (): ReadonlyMap<string, Picture> => {
  const { clean, corrupted } = corruptions.strip!
  const grey = (level: number): Picture => ({
    width: 28,
    height: 28,
    channels: 1,
    pixels: new Uint8Array(784).fill(level),
  })
  return new Map([clean, ...corrupted.map(({ picture }) => picture)].map((name, i) => [name, grey(60 * i)]))
}
