import type { ClassProbe, EvasionProbe, Probe, Report } from '../../contract/index.ts'

type WithProbes = Pick<Report, 'probes'>

const isEvasion = (probe: Probe): probe is EvasionProbe => probe.class === 'evasion'

/** Probes that changed rows which the model sees. */
export const evasionProbes = ({ probes }: WithProbes): readonly EvasionProbe[] => probes.filter(isEvasion)

/** Probes of all other classes. */
export const classProbes = ({ probes }: WithProbes): readonly ClassProbe[] =>
  probes.filter((probe) => probe.class !== 'evasion')

/** What a probe's budget is measured in, where it has one. */
export const normOf = (probe: Probe | undefined): EvasionProbe['norm'] =>
  probe !== undefined && isEvasion(probe) ? probe.norm : undefined
