import { sha256 } from '../../base/canonical-json.ts'
import type { Artefact, LineageNode, Step } from '../../contract/lineage.ts'
import { aliases, type Identify } from './aliases.ts'
import { consentByUse, strictestConsent } from './consent.ts'
import { eventOf } from './event.ts'
import { normalLicence } from './licence.ts'
import type { LineageEvent } from './lineage-event.ts'
import type { Reference } from './reference.ts'
import type { StoredRecord } from './stored-records.ts'

export interface Edge {
  readonly from: string
  readonly to: string
  readonly verified: boolean
}

/** Artefacts and steps by turns; ids are stable, the order is the log's. */
export interface Graph {
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly Edge[]
  readonly records: { readonly verified: number; readonly unverified: number }
}

interface Told {
  readonly event: LineageEvent
  readonly record: StoredRecord
}

const stepId = ({ event, record }: Told): string =>
  // Unverified records never hide among verified ones.
  event.group === undefined || record.problem !== undefined ? `step:${record.sha256}` : `step:${sha256(event.group)}`

const stepOf = (id: string, told: readonly Told[]): Step => {
  const [{ event, record }] = told
  const { at, by, command, params = {}, source } = event.execution ?? {}
  const count = told.length
  return {
    type: 'step',
    id,
    title: count === 1 ? event.title : `${count} measurements`,
    records: told.map(({ record }) => record.sha256),
    verified: record.problem === undefined,
    problem: record.problem,
    at,
    by,
    command,
    params,
    source,
  }
}

const artefactOf = (id: string, named: readonly (Reference & Told)[], made: readonly Told[]): Artefact => {
  const trusted = named.filter(({ record }) => record.problem === undefined)
  const said = made.flatMap(({ event, record }) => (record.problem === undefined && event.record ? [event.record] : []))
  const own = [...new Set(said.flatMap(({ origin }) => origin?.licences ?? []).map(normalLicence))].sort()
  const consents = said.map(({ origin }) => consentByUse(origin?.consent ?? {}))
  // What only unverified records say of a verified artefact is not believed, not even a name.
  const believed = trusted.length > 0 ? trusted : named
  return {
    type: 'artefact',
    id,
    kind: said[0]?.kind ?? believed.find(({ kind }) => kind !== 'data')?.kind ?? 'data',
    names: [...new Set(believed.map(({ name }) => name))],
    sha256: believed.find(({ sha256 }) => sha256 !== undefined)?.sha256,
    root: believed.find(({ root }) => root !== undefined)?.root,
    recorded: made.some(({ record }) => record.problem === undefined),
    verified: trusted.length > 0,
    terms: { own, all: own, consent: strictestConsent(consents) },
  }
}

const pushTo = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

const edgesOf = (steps: ReadonlyMap<string, readonly Told[]>, identify: Identify): readonly Edge[] => {
  const edges = new Map<string, Edge>()
  const add = (from: string, to: string, { record }: Told): void => {
    const verified = record.problem === undefined
    const key = `${from} ${to}`
    if (verified || !edges.has(key)) edges.set(key, { from, to, verified })
  }
  for (const [id, told] of steps)
    for (const each of told) {
      const inputs = new Set(each.event.inputs.map(identify))
      const outputs = new Set(each.event.outputs.map(identify))
      for (const input of inputs) if (!outputs.has(input)) add(input, id, each)
      // A step that changed nothing would otherwise be made of itself: it then only made what it left.
      for (const output of outputs) add(id, output, each)
    }
  return [...edges.values()]
}

/** A run that is stated by a verified record of its own is not told a second time by what was measured in it. */
const toldOnce = (told: readonly Told[]): readonly Told[] => {
  const stated = new Set(told.flatMap(({ event, record }) => (record.problem === undefined ? [event.states] : [])))
  return told.map((each) => {
    const { measuredIn } = each.event
    return measuredIn !== undefined && stated.has(measuredIn.run) ? { ...each, event: measuredIn.instead } : each
  })
}

/** The graph of all records. What only unverified records say is in it, and marked. */
export const buildGraph = (records: readonly StoredRecord[]): Graph => {
  const told = toldOnce(records.map((record): Told => ({ record, event: eventOf(record.statement) })))
  const trusted = told.filter(({ record }) => record.problem === undefined)
  const identify = aliases(trusted.map(({ event }) => event))
  const named = new Map<string, (Reference & Told)[]>()
  const made = new Map<string, Told[]>()
  const steps = new Map<string, Told[]>()
  for (const each of told) {
    pushTo(steps, stepId(each), each)
    for (const input of each.event.inputs) pushTo(named, identify(input), { ...input, ...each })
    for (const output of each.event.outputs) {
      pushTo(named, identify(output), { ...output, ...each })
      pushTo(made, identify(output), each)
    }
  }
  return {
    nodes: [
      ...[...named].map(([id, references]) => artefactOf(id, references, made.get(id) ?? [])),
      ...[...steps].map(([id, told]) => stepOf(id, told)),
    ],
    edges: edgesOf(steps, identify),
    records: { verified: trusted.length, unverified: told.length - trusted.length },
  }
}
