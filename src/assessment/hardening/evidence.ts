import { basename } from 'node:path'
import { canonicalJson, sha256 } from '../../base/canonical-json.ts'
import type { EvidenceInfo, Figure, Hardening } from '../../contract/index.ts'
import { fileDigest } from '../../data/index.ts'
import { splitPart } from '../../data/open.ts'
import { createMeasurement, recordEvidence } from '../../evidence/index.ts'
import { runDigest } from '../../evidence/slsa/index.ts'
import { hardeningProvenance, recordedProvenance } from './provenance.ts'
import type { HardenRequest } from './request.ts'

type Unrecorded = Omit<Hardening, 'evidence'>

/** SHA-256 of a result without its evidence and its timing: what two parties who did the same can compare. */
export const hardeningDigest = (result: Unrecorded & Partial<Pick<Hardening, 'evidence'>>): string => {
  const { timing: _, evidence: __, ...rest } = result
  return sha256(canonicalJson(rest))
}

/**
 * Signs and logs, together, two statements: how the new model came to be (SLSA provenance), and what was measured of both
 * models before and after, with the verdict.
 */
export const recordHardening = async (result: Unrecorded, request: HardenRequest): Promise<EvidenceInfo> => {
  const { root, named, resume } = request
  const { sources } = request.data
  const { model, data, tool, method, params, seed, threat, aim, before, after, verdict, reasons, stopped } = result
  const { training, assessment } = data
  const files = [
    model.before,
    model.after,
    ...[training, training.labels, assessment, assessment.labels].filter((file) => file !== undefined),
  ]
  const subjects = [...new Map(files.map((file) => [file.path, file])).values()].map(({ path, sha256 }) => ({
    name: path,
    digest: { sha256 },
  }))
  const made = await hardeningProvenance(result, request)
  const provenance = (resume ? recordedProvenance(root, made) : undefined) ?? made
  const measurement = createMeasurement(subjects, {
    claim: 'hardening',
    value: measuredFor(result),
    method: { id: method, params: { ...params, norm: threat.norm, epsilons: threat.epsilons }, seed },
    tool,
    digests: {
      report: { sha256: hardeningDigest(result) },
      trainingRows: { sha256: training.contentSha256 },
      assessmentRows: { sha256: assessment.contentSha256 },
      run: { sha256: runDigest(provenance) },
      ...(sources && { sources: { sha256: await fileDigest((await splitPart(sources.path)).file) } }),
    },
    details: { aim, verdict, reasons, before, after, ...(stopped && { stopped }) },
  })
  const { records } = await recordEvidence({ root, statements: [provenance, measurement] })
  const [origin, record] = records
  return {
    digests: [
      ...subjects.map(({ name, digest }) => ({ name: basename(name), path: name, sha256: digest.sha256 })),
      { name: 'provenance, signed', path: named(origin!.path), sha256: origin!.sha256 },
      { name: 'hardening, signed', path: named(record!.path), sha256: record!.sha256 },
    ],
    statement: named(record!.path),
  }
}

/** The figure of the new model that the claim is about. */
const measuredFor = ({ after, aim }: Unrecorded): Figure => {
  const robust = after.robustness?.worst.at(-1)?.accuracy
  switch (aim) {
    case 'calibration':
      return after.calibration.expectedError
    case 'detection':
      return after.detection?.points.at(-1)?.adaptive ?? robust ?? after.clean
    case 'backdoor':
      return after.backdoor?.success ?? after.clean
    case 'poisoning':
      return after.vote?.points.find(({ changes }) => changes === 1)?.accuracy ?? after.clean
    case 'accuracy':
      return after.clean
    default:
      return robust ?? after.clean
  }
}
