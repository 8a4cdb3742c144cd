import { writeFileSync } from 'node:fs'
import { findPii } from '../src/screening/pii/index.ts'
import { isFamily, isGiven, nameBits } from '../src/screening/pii/words/name-index.ts'
import { corpus, corpusFakers, regionOf } from './pii/corpus.ts'
import { heldOutPersons, listed } from './pii/held-out.ts'
import { mailHits, mailScores, mails } from './pii/mail.ts'
import { prose } from './pii/prose.ts'
import { isFound, scored, share, table } from './pii/score.ts'

/**
 * How well personal data are found: on a generated corpus, on public mail, and how fast. SEED and SIZE (values of each
 * kind) change the corpus; DETAILS=prefix writes what was missed and what was wrong.
 */
const seed = Number(process.env.SEED ?? 5)
const size = Number(process.env.SIZE ?? 400)

const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
const megabytesPerSecond = (texts: readonly string[]): string => {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  const began = process.cpuUsage()
  for (const text of texts) findPii(text)
  const { user, system } = process.cpuUsage(began)
  return (bytes / (user + system)).toFixed(1)
}

const generated = corpus(seed, size)
const { counts, missed, wrong } = scored(generated.documents)
print(`Generated corpus: ${generated.documents.length} texts, ${generated.locales.length} locales, seed ${seed}\n`)
print(
  table([
    ['kind', 'values', 'recall', 'recall without context', 'hits', 'precision'],
    ...[...counts]
      .filter(([, count]) => count.labels > 0)
      .map(([kind, c]) => [
        kind,
        String(c.labels),
        share(c.found, c.labels),
        share(c.foundAlone, c.labelsAlone),
        String(c.hits),
        share(c.right, c.hits),
      ]),
  ]),
)

const names = generated.documents.flatMap(({ text, labels, context }) =>
  labels.filter(({ kind }) => kind === 'person').map((label) => ({ text, label, context })),
)
const known = (name: string): boolean => name.split(/[\s-]+/).some((word) => nameBits(word) & (isGiven | isFamily))
print('\nPersons, by whether the lists hold a word of the name\n')
print(
  table([
    ['name', 'values', 'recall', 'recall without context'],
    ...[true, false].map((wanted) => {
      const some = names.filter(({ text, label }) => known(text.slice(label.start, label.end)) === wanted)
      const found = some.filter(({ text, label }) => isFound(text, label))
      const alone = (list: typeof some) => list.filter(({ context }) => !context).length
      return [
        wanted ? 'in the lists' : 'in no list',
        String(some.length),
        share(found.length, some.length),
        share(alone(found), alone(some)),
      ]
    }),
  ]),
)

print('\nWith the country named (regions), values of that country\n')
print(
  table([
    ['kind', 'values', 'recall', 'recall without context', 'wrong hits in texts without values'],
    ...(['phone', 'national-id'] as const).map((kind) => {
      const some = generated.documents.flatMap(({ text, labels, context }) =>
        labels.filter((label) => label.kind === kind).map((label) => ({ text, label, context })),
      )
      const found = some.filter(({ text, label }) => isFound(text, label, { regions: [regionOf(label)!] }))
      const alone = (list: typeof some) => list.filter(({ context }) => !context).length
      const empty = generated.documents.filter(({ labels }) => labels.length === 0)
      const countries = [...new Set(some.map(({ label }) => regionOf(label)!))]
      const hits = empty.flatMap(({ text }, i) =>
        findPii(text, { regions: [countries[i % countries.length]!] }).filter((hit) => hit.kind === kind),
      )
      return [
        kind,
        String(some.length),
        share(found.length, some.length),
        share(alone(found), alone(some)),
        `${hits.length} in ${empty.length}`,
      ]
    }),
  ]),
)

print('\nPersons of locales that nobody tuned for, in English sentences\n')
const others = scored(heldOutPersons(seed, Math.ceil(size / 8))).counts.get('person')!
print(
  table([
    ['values', 'recall', 'recall without context', 'hits', 'precision'],
    [
      String(others.labels),
      share(others.found, others.labels),
      share(others.foundAlone, others.labelsAlone),
      String(others.hits),
      share(others.right, others.hits),
    ],
  ]),
)

print("\nThe generator's own names that are in the lists\n")
print(
  table([
    ['locale', 'given', 'family'],
    ...corpusFakers.map(([locale, faker]) => {
      const { given, family } = listed(faker, (word) => (nameBits(word) & (isGiven | isFamily)) !== 0)
      return [locale, given.toFixed(2), family.toFixed(2)]
    }),
  ]),
)

const texts = mails(600)
const scores = mailScores(texts)
print(`\nSpamAssassin: ${texts.length} mails\n`)
print(
  table([
    ['kind', 'sure values', 'recall', 'judged hits', 'precision'],
    ...scores.map((s) => [s.kind, String(s.sure), share(s.found, s.sure), String(s.judged), share(s.right, s.judged)]),
  ]),
)

print('\nSpeed, MB of text a second of processor time\n')
const plain = prose(4_000_000)
findPii(plain.slice(0, 400_000))
print(
  table([
    ['text', 'MB/s'],
    ['plain English, 4 MB in one text', megabytesPerSecond([plain])],
    ['plain English, in lines', megabytesPerSecond(plain.split('\n'))],
    ['mail with headers', megabytesPerSecond(texts)],
  ]),
)

if (process.env.DETAILS) {
  writeFileSync(`${process.env.DETAILS}-missed.tsv`, missed.join('\n'))
  writeFileSync(`${process.env.DETAILS}-wrong.tsv`, wrong.join('\n'))
  writeFileSync(`${process.env.DETAILS}-mail-wrong.tsv`, scores.flatMap((s) => s.wrong).join('\n'))
  for (const [kind, list] of mailHits(texts)) writeFileSync(`${process.env.DETAILS}-mail-${kind}.tsv`, list.join('\n'))
}
