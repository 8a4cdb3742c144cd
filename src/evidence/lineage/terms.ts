import type { Artefact, LineageFinding } from '../../contract/lineage.ts'
import { strictestConsent } from './consent.ts'
import type { Graph } from './graph.ts'
import { strictestOf, strictness, strictnessOf } from './licence.ts'
import { reach } from './reach.ts'

const isArtefact = (node: Graph['nodes'][number]): node is Artefact => node.type === 'artefact'

/** Artefacts that another one was made of, itself left out. Also by unverified records: they can only add duties. */
const sourcesOf = (graph: Graph, artefact: Artefact): readonly Artefact[] => {
  const reached = reach(graph.edges, [artefact.id], 'backward')
  return graph.nodes.filter(isArtefact).filter(({ id }) => id !== artefact.id && reached.has(id))
}

/** Every artefact with the terms that it inherits: all licences of its sources, and the strictest answer to each use. */
export const withTerms = (graph: Graph): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) => {
    if (!isArtefact(node)) return node
    const lineage = [node, ...sourcesOf(graph, node)]
    const all = [...new Set(lineage.flatMap(({ terms }) => terms.own))].sort()
    const strictest = strictestOf(all)
    return {
      ...node,
      terms: {
        own: node.terms.own,
        all,
        ...(strictest !== undefined && { strictest }),
        consent: strictestConsent(lineage.map(({ terms }) => terms.consent)),
      },
    }
  }),
})

const nameOf = ({ names, id }: Artefact): string => names[0] ?? id

const levelNamed = (name: (typeof strictness)[number]): number => strictness.indexOf(name)

const licenceFindings = (artefact: Artefact, isDerived: boolean): readonly LineageFinding[] => {
  const { own, all } = artefact.terms
  const at = (level: number) => all.filter((licence) => strictnessOf(licence) === level)
  const unknown = own.filter((licence) => strictnessOf(licence) === undefined)
  const inherited = all.filter((licence) => !own.includes(licence))
  const forbidding = inherited.filter((licence) => strictnessOf(licence) === levelNamed('no derivatives'))
  const shareAlike = at(levelNamed('share alike'))
  const finding = (kind: LineageFinding['kind'], message: string): LineageFinding => ({
    kind,
    node: artefact.id,
    message,
  })
  return [
    ...unknown.map((licence) =>
      finding('licence-unknown', `${nameOf(artefact)}: what "${licence}" asks is not known here; read it`),
    ),
    ...forbidding.map((licence) =>
      finding('licence-forbids-derivatives', `${nameOf(artefact)} is made of data under ${licence}`),
    ),
    ...(isDerived && shareAlike.length > 1
      ? [finding('licence-conflict', `${nameOf(artefact)} can't be under ${shareAlike.join(' and ')} at once`)]
      : []),
  ]
}

/** What a reader must know of a graph with terms: nothing of it stops the graph from being drawn. */
export const findingsOf = (graph: Graph): readonly LineageFinding[] => {
  const artefacts = graph.nodes.filter(isArtefact)
  const isMade = new Set(graph.edges.filter(({ verified }) => verified).map(({ to }) => to))
  return [
    ...graph.nodes.flatMap((node): readonly LineageFinding[] =>
      node.type === 'step' && !node.verified
        ? [{ kind: 'record-unverified', node: node.id, message: `${node.title}: ${node.problem}` }]
        : [],
    ),
    ...artefacts
      .filter(({ id }) => !isMade.has(id))
      .map(
        (artefact): LineageFinding => ({
          kind: 'origin-unknown',
          node: artefact.id,
          message: `no record says where ${nameOf(artefact)} came from`,
        }),
      ),
    ...artefacts.flatMap((artefact): readonly LineageFinding[] =>
      Object.entries(artefact.terms.consent)
        .filter(([, permission]) => permission === 'notAllowed')
        .map(([use]) => ({
          kind: 'use-not-allowed',
          node: artefact.id,
          message: `${nameOf(artefact)} may not be used for ${use}`,
        })),
    ),
    ...artefacts.flatMap((artefact) => licenceFindings(artefact, sourcesOf(graph, artefact).length > 0)),
  ]
}
