import { oneLine } from '../../assessment/report/safe-text.ts'
import { wrapText } from '../../assessment/report/table.ts'
import type { Artefact, Lineage, LineageNode, Step } from '../../contract/lineage.ts'
import { counted } from './fields.ts'

const artefactLine = ({ names, kind, id, sha256, root, terms, verified, recorded }: Artefact): string =>
  [
    `${names.join(', ') || id}  ${kind} ${(sha256 ?? root ?? id).slice(0, 12)}`,
    terms.strictest,
    recorded ? undefined : 'origin not recorded',
    verified ? undefined : 'NOT VERIFIED',
  ]
    .filter((part) => part !== undefined)
    .join('  ')

const stepLine = ({ title, at, by, command, source, problem }: Step): string =>
  [
    `[${title}]`,
    at,
    by === undefined ? undefined : `by ${by}`,
    command,
    source,
    problem === undefined ? undefined : `NOT VERIFIED: ${problem}`,
  ]
    .filter((part) => part !== undefined)
    .join('  ')

const lineOf = (node: LineageNode): string => oneLine(node.type === 'step' ? stepLine(node) : artefactLine(node))

const mostLines = 2000

/** The graph as an indented list from its starts; what was shown before is named once more and not opened again. */
const tree = ({ query, nodes, edges }: Lineage): readonly string[] => {
  const isBackward = query?.direction === 'backward'
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const next = new Map<string, string[]>()
  for (const { from, to } of edges) {
    const [at, other] = isBackward ? [to, from] : [from, to]
    next.set(at, [...(next.get(at) ?? []), other])
  }
  const entered = new Set(edges.map(({ from, to }) => (isBackward ? from : to)))
  const starts = query?.ids ?? nodes.map(({ id }) => id).filter((id) => !entered.has(id))
  const lines: string[] = []
  const seen = new Set<string>()
  const stack = [...starts].reverse().map((id) => ({ id, depth: 0 }))
  for (let top = stack.pop(); top !== undefined && lines.length < mostLines; top = stack.pop()) {
    const node = byId.get(top.id)
    if (node === undefined) continue
    const isAgain = seen.has(top.id)
    const arrow = top.depth === 0 ? '' : isBackward ? '← ' : '→ '
    lines.push(`${'  '.repeat(top.depth)}${arrow}${lineOf(node)}${isAgain ? '  (see above)' : ''}`)
    if (isAgain) continue
    seen.add(top.id)
    for (const id of [...(next.get(top.id) ?? [])].reverse()) stack.push({ id, depth: top.depth + 1 })
  }
  return lines.length < mostLines ? lines : [...lines, '… the rest is in --format json']
}

/** What `bartizan data lineage` prints. */
export const lineageText = (lineage: Lineage, width: number): string => {
  const { records, nodes, findings } = lineage
  const artefacts = nodes.filter(({ type }) => type === 'artefact').length
  return [
    ...tree(lineage),
    ...(findings.length === 0 ? [] : ['']),
    ...findings.map(({ kind, message }) => wrapText(`${kind}: ${message}`, width, '  ')),
    '',
    `${counted(artefacts, 'artefact')} shown; ${counted(records.verified, 'record')} verified, ${records.unverified} not`,
  ].join('\n')
}
