import type { Lineage, LineageNode } from '../../contract/lineage.ts'
import { cardOf } from './card.ts'

/** Mermaid's own entity codes, for everything that could end a label, open a tag or begin a directive. */
const labelText = (text: string): string =>
  [...text].map((char) => (/[\p{L}\p{N} .,:;=_/+…·-]/u.test(char) ? char : `#${char.codePointAt(0)};`)).join('')

const shape = (node: LineageNode, label: string): string => (node.type === 'step' ? `(["${label}"])` : `["${label}"]`)

const classOf = (node: LineageNode): string => (!node.verified ? 'bad' : node.type === 'step' ? 'step' : node.kind)

const classes = `
  classDef data fill:#eef5ff,stroke:#2f6fc4,color:#10151d
  classDef model fill:#f3edff,stroke:#7246c2,color:#10151d
  classDef release fill:#e9f8ef,stroke:#1f7f4b,color:#10151d
  classDef decision fill:#fff6e0,stroke:#96690a,color:#10151d
  classDef step fill:#f5f6f8,stroke:#8791a0,color:#10151d
  classDef bad fill:#fff,stroke:#a3141f,color:#a3141f,stroke-dasharray:5 3`

/** A lineage as a Mermaid flowchart; dotted arrows are what no verified record says. */
export const lineageMermaid = ({ nodes, edges }: Lineage): string => {
  const short = new Map(nodes.map(({ id }, i) => [id, `n${i}`]))
  const lines = nodes.map((node) => {
    const { heading, lines, alarm } = cardOf(node)
    const label = [heading, ...lines, ...(alarm === undefined ? [] : [alarm])].map(labelText).join('<br/>')
    return `  ${short.get(node.id)}${shape(node, label)}:::${classOf(node)}`
  })
  const arrows = edges.map(
    ({ from, to, verified }) => `  ${short.get(from)} ${verified ? '-->' : '-.->'} ${short.get(to)}`,
  )
  return `${['flowchart TD', ...lines, ...arrows].join('\n')}${classes}\n`
}
