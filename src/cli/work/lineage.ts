import { join } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import type { Artefact, Lineage } from '../../contract/lineage.ts'
import { writeTextAtomically } from '../../data/atomic-file.ts'
import { statInput } from '../../data/files.ts'
import { tableColumns } from '../../data/index.ts'
import { dataDigest } from '../../evidence/datasets/index.ts'
import { croissantOf, openLineageEvents } from '../../evidence/interchange/index.ts'
import {
  dataRecordType,
  type Graph,
  lineageGraph,
  lineageMermaid,
  lineageOf,
  lineageSvg,
  readDataRecord,
  readStoredRecords,
  type StoredRecord,
} from '../../evidence/lineage/index.ts'
import { lineageText } from '../text/lineage-text.ts'
import { nameIn } from './commitments.ts'

export interface LineageFlags {
  readonly forward: boolean
  readonly format: 'text' | 'mermaid' | 'svg' | 'json'
  readonly export?: 'openlineage' | 'croissant'
  readonly namespace: string
  readonly out?: string
  readonly project: string
}

export interface DrawnLineage {
  readonly lineage: Lineage
  /** What to print where nothing is written to a file; undefined where it is the plain text. */
  readonly text?: string
  readonly file?: string
  readonly notes: readonly string[]
}

/** Whether everything that is drawn was verified. */
export const isSound = ({ findings }: Lineage): boolean => findings.every(({ kind }) => kind !== 'record-unverified')

const artefactsIn = ({ nodes }: Graph): readonly Artefact[] => nodes.filter((node) => node.type === 'artefact')

const isThere = async (path: string): Promise<boolean> =>
  statInput(path).then(
    () => true,
    () => false,
  )

/** Ids of what the user named: a digest or its beginning, a file as it is now, or a recorded name without a file. */
const artefactsNamed = async (graph: Graph, named: string, project: string): Promise<readonly string[]> => {
  const artefacts = artefactsIn(graph)
  const byName = artefacts.filter(({ names }) => names.includes(nameIn(project, named)) || names.includes(named))
  if (await isThere(named)) {
    const digest = await dataDigest(named)
    const same = artefacts.filter(({ sha256 }) => sha256 === digest)
    if (same.length > 0) return same.map(({ id }) => id)
    if (byName.length > 0)
      throw new BartizanError(
        'EVIDENCE_INVALID',
        `${named} is not what was recorded under its name: its SHA-256 is ${digest}`,
        {
          hint: `recorded are ${byName.map(({ sha256, root, id }) => sha256 ?? root ?? id).join(', ')}: name one of them`,
          data: { file: named, digest },
        },
      )
  }
  const isDigest = /^[0-9a-f]{8,64}$/i.test(named)
  const byDigest = artefacts.filter(({ id, sha256, root }) =>
    [id, sha256, root].some((digest) => isDigest && digest?.startsWith(named.toLowerCase())),
  )
  const found = byDigest.length > 0 ? byDigest : byName
  if (found.length > 0) return found.map(({ id }) => id)
  throw new BartizanError('FILE_NOT_FOUND', `no record names ${named}`, {
    hint: 'bartizan data lineage without a file shows everything that is recorded; bartizan data record adds to it',
    data: { named },
  })
}

const rendered = (lineage: Lineage, format: LineageFlags['format']): string => {
  switch (format) {
    case 'svg':
      return lineageSvg(lineage)
    case 'mermaid':
      return lineageMermaid(lineage)
    case 'json':
      return `${JSON.stringify(lineage, null, 2)}\n`
    default:
      return `${lineageText(lineage, 100)}\n`
  }
}

/** The newest verified record that made an artefact. */
const recordOf = (records: readonly StoredRecord[], { sha256, root }: Artefact) =>
  records
    .filter(({ problem, statement }) => problem === undefined && statement.predicateType === dataRecordType)
    .map(({ statement }) => readDataRecord(statement))
    .findLast(({ commitments }) =>
      commitments.some((commitment) =>
        sha256 === undefined ? commitment.root === root : commitment.sha256 === sha256,
      ),
    )

const croissant = async (
  graph: Graph,
  lineage: Lineage,
  records: readonly StoredRecord[],
  project: string,
): Promise<string> => {
  const artefact = artefactsIn(graph).find(({ id }) => id === lineage.query?.ids[0])
  if (artefact === undefined || lineage.query?.ids.length !== 1)
    throw new BartizanError('USAGE', 'Croissant describes one file: name it', {
      hint: 'bartizan data lineage FILE --export croissant --out FILE.json',
    })
  const record = recordOf(records, artefact)
  const commitment = record?.commitments.find(({ root }) => root === artefact.root)
  const path = join(project, artefact.names[0] ?? '')
  const columns = (await tableColumns(path).catch(() => undefined)) ?? []
  const sources = lineage.nodes.filter((node): node is Artefact => node.type === 'artefact' && node.id !== artefact.id)
  const kept = record?.origin?.described?.claims
  return croissantOf({
    artefact,
    sources: lineage.query.direction === 'backward' ? sources : [],
    columns,
    ...(commitment && { bytes: commitment.bytes }),
    ...(record && { at: record.at }),
    ...(record?.by !== undefined && { by: record.by }),
    ...(record?.origin?.source !== undefined && { source: record.origin.source }),
    ...(kept && { kept }),
  })
}

const written = async (text: string, out: string | undefined): Promise<Pick<DrawnLineage, 'text' | 'file'>> => {
  if (out === undefined) return { text }
  await writeTextAtomically(out, text)
  return { file: out }
}

/** Reads and checks all records, finds what was asked about, and draws or exports it. */
export const drawLineage = async (named: string | undefined, flags: LineageFlags): Promise<DrawnLineage> => {
  const { project, format, out } = flags
  await statInput(project)
  const records = readStoredRecords(project)
  const graph = lineageGraph(records)
  if (named === undefined && flags.forward) throw new BartizanError('USAGE', '--forward needs a file or a digest')
  const lineage = lineageOf(
    graph,
    named === undefined
      ? undefined
      : {
          name: named,
          ids: await artefactsNamed(graph, named, project),
          direction: flags.forward ? 'forward' : 'backward',
        },
  )
  if (flags.export === 'openlineage') {
    const { text, events, untimed, unverified } = openLineageEvents(records, flags.namespace)
    const left = [
      ...(untimed > 0 ? [`${untimed} without a time`] : []),
      ...(unverified > 0 ? [`${unverified} not verified`] : []),
    ]
    const notes =
      out === undefined ? [] : [`${events} events${left.length > 0 ? `; left out: ${left.join(', ')}` : ''}`]
    return { lineage, notes, ...(await written(text, out)) }
  }
  if (flags.export === 'croissant')
    return { lineage, notes: [], ...(await written(await croissant(graph, lineage, records, project), out)) }
  if (format === 'text' && out === undefined) return { lineage, notes: [] }
  return { lineage, notes: [], ...(await written(rendered(lineage, format), out)) }
}
