import { type Lineage, lineageSchema, lineageSchemaVersion } from '../../contract/lineage.ts'
import { buildGraph, type Graph } from './graph.ts'
import { reachedGraph } from './reach.ts'
import type { StoredRecord } from './stored-records.ts'
import { findingsOf, withTerms } from './terms.ts'

export interface LineageQuery {
  /** As the user wrote it. */
  readonly name: string
  /** Artefacts to start from. */
  readonly ids: readonly string[]
  readonly direction: 'backward' | 'forward'
}

/** The graph of all records, with the terms that flow through it. */
export const lineageGraph = (records: readonly StoredRecord[]): Graph => withTerms(buildGraph(records))

/** A graph, or the part of it that the query reaches, as the contract has it. Terms come from the whole either way. */
export const lineageOf = (graph: Graph, query?: LineageQuery): Lineage => {
  const part = query === undefined ? graph : reachedGraph(graph, query.ids, query.direction)
  const shown = new Set(part.nodes.map(({ id }) => id))
  const result = {
    schemaVersion: lineageSchemaVersion,
    ...(query && { query }),
    records: graph.records,
    nodes: part.nodes,
    edges: part.edges,
    findings: findingsOf(graph).filter(({ node }) => shown.has(node)),
  }
  // Members without a value are left out, as they are in JSON.
  return lineageSchema.parse(JSON.parse(JSON.stringify(result)))
}
