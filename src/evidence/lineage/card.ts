import type { LineageNode } from '../../contract/lineage.ts'

/** What is drawn of a node: a heading, smaller lines below it, and a word on what is wrong. */
export interface Card {
  readonly heading: string
  readonly lines: readonly string[]
  readonly alarm: string | undefined
  /** All that is known, for whoever hovers or listens. */
  readonly title: string
}

const shortDigest = (digest: string): string => digest.slice(0, 12)

/** Control characters, lone surrogates and marks that reorder text would break the picture, or lie. */
const unprintable = /[\p{Cc}\p{Surrogate}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu

export const printable = (text: string): string => text.replace(/\s+/g, ' ').replace(unprintable, '\ufffd').trim()

const lastOf = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '')
    .at(-1) ?? path

const forbiddenUses = (consent: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(consent).filter((use) => consent[use] === 'notAllowed')

/** Names and titles come from records, which may be anybody's: they are text, and are made printable here. */
export const cardOf = (node: LineageNode): Card => {
  if (node.type === 'step') {
    const who = [node.at?.slice(0, 10), node.by].filter((part) => part !== undefined)
    const params = Object.entries(node.params).map(([key, value]) => `${key}=${value}`)
    const all = [node.title, ...who, node.command, ...params, node.source, node.problem]
    return {
      heading: printable(node.title),
      lines: who.map(printable),
      alarm: node.verified ? undefined : 'not verified',
      title: printable(all.filter((part) => part !== undefined).join('; ')),
    }
  }
  const { names, kind, sha256, root, terms, recorded, verified } = node
  const digest = sha256 ?? root ?? node.id
  const forbidden = forbiddenUses(terms.consent)
  const alarm = !verified ? 'not verified' : forbidden.length > 0 ? `not allowed: ${forbidden.join(', ')}` : undefined
  return {
    heading: printable(lastOf(names[0] ?? digest)),
    lines: [
      `${kind} ${shortDigest(digest)}`,
      ...(terms.strictest === undefined ? [] : [printable(terms.strictest)]),
      ...(recorded ? [] : ['origin not recorded']),
    ],
    alarm: alarm === undefined ? undefined : printable(alarm),
    title: printable([...names, `${kind}, SHA-256 ${digest}`, ...terms.all].join('; ')),
  }
}
