import type { ClassProbe, Report } from '../../../contract/index.ts'
import type { Block, BlockSection } from '../blocks/block.ts'
import { classProbes } from '../probes-of.ts'
import { backdoorReport } from './backdoor.ts'
import type { ClassReport, ProbeOf } from './class-report.ts'
import { poisoningReport } from './poisoning.ts'

const classReports: { readonly [C in ClassProbe['class']]: ClassReport<ProbeOf<C>> } = {
  backdoor: backdoorReport,
  poisoning: poisoningReport,
}

const headline = <C extends ClassProbe['class']>(kind: C, probe: ProbeOf<C>, report: Pick<Report, 'data'>): string =>
  classReports[kind].headline(probe, report)

const blocks = <C extends ClassProbe['class']>(kind: C, probe: ProbeOf<C>, report: Report): readonly Block[] =>
  classReports[kind].blocks(probe, report)

/** The result of a probe in a line. */
export const classHeadline = (probe: ClassProbe, report: Pick<Report, 'data'>): string =>
  headline(probe.class, probe, report)

/** One section a class that was probed. */
export const classSections = (report: Report): readonly BlockSection[] => {
  const probes = classProbes(report)
  return [...new Set(probes.map((probe) => probe.class))].map((name) => ({
    id: name,
    title: classReports[name].title,
    lead: classReports[name].lead,
    blocks: probes
      .filter((probe) => probe.class === name)
      .flatMap((probe): readonly Block[] => [
        { kind: 'heading', text: probe.id },
        ...blocks(probe.class, probe, report),
      ]),
  }))
}
