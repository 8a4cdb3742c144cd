import { clamp, type Detector, type Emit } from '../detector.ts'
import { hasDigit, type Scan, wordAt } from '../scan.ts'

interface Token {
  readonly rule: string
  readonly begins: string
  /** From the beginning of the token on. */
  readonly form: RegExp
}

/** Formats that their issuers publish; each begins with letters of its own. */
const tokens: readonly Token[] = [
  { rule: 'aws-access-key', begins: 'AKIA', form: /AKIA[A-Z2-7]{16}(?![A-Za-z0-9])/y },
  { rule: 'aws-access-key', begins: 'ASIA', form: /ASIA[A-Z2-7]{16}(?![A-Za-z0-9])/y },
  ...['ghp', 'gho', 'ghu', 'ghs', 'ghr'].map((begins) => ({
    rule: 'github-token',
    begins,
    form: new RegExp(`${begins}_[A-Za-z0-9]{36}(?![A-Za-z0-9])`, 'y'),
  })),
  { rule: 'github-token', begins: 'github', form: /github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9])/y },
  { rule: 'gitlab-token', begins: 'glpat', form: /glpat-[\w-]{20,64}(?![\w-])/y },
  ...['xoxb', 'xoxp', 'xoxa', 'xoxr', 'xoxs'].map((begins) => ({
    rule: 'slack-token',
    begins,
    form: new RegExp(`${begins}-[0-9A-Za-z-]{20,200}(?![\\w-])`, 'y'),
  })),
  { rule: 'google-api-key', begins: 'AIza', form: /AIza[\w-]{35}(?![\w-])/y },
  { rule: 'stripe-key', begins: 'sk', form: /sk_(?:live|test)_[A-Za-z0-9]{16,128}(?![A-Za-z0-9])/y },
  { rule: 'stripe-key', begins: 'rk', form: /rk_(?:live|test)_[A-Za-z0-9]{16,128}(?![A-Za-z0-9])/y },
  { rule: 'npm-token', begins: 'npm', form: /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y },
  { rule: 'sendgrid-key', begins: 'SG', form: /SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/y },
  { rule: 'openai-key', begins: 'sk', form: /sk-(?:proj-|svcacct-|ant-)?[\w-]{32,200}(?![\w-])/y },
  { rule: 'jwt', begins: 'eyJ', form: /eyJ[\w-]{8,4096}\.eyJ[\w-]{8,8192}\.[\w-]{16,2048}(?![\w-])/y },
]

const byBeginning: ReadonlyMap<string, readonly Token[]> = (() => {
  const found = new Map<string, Token[]>()
  for (const token of tokens)
    found.set(token.begins.slice(0, 2), [...(found.get(token.begins.slice(0, 2)) ?? []), token])
  return found
})()

const beginKey = (first: number, second: number): number => ((first & 127) << 7) | (second & 127)
const begins2 = (() => {
  const table = new Uint8Array(1 << 14)
  for (const { begins } of tokens) table[beginKey(begins.charCodeAt(0), begins.charCodeAt(1))] = 1
  return table
})()

/** Bits a character, over the characters of the text itself. */
export const entropy = (text: string): number => {
  const counts = new Map<string, number>()
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1)
  return -[...counts.values()].reduce((sum, count) => sum + (count / text.length) * Math.log2(count / text.length), 0)
}

const keys = new Set(
  'password passwd pwd passphrase secret apikey secretkey accesskey accesstoken authtoken token clientsecret secretaccesskey privatekey passwort kennwort motdepasse contraseña senha hasło wachtwoord lösenord şifre пароль bearer'.split(
    ' ',
  ),
)
const assigned = /["']?(?: ?[:=]|:?=>?| is| lautet)[ \t]{0,2}["'`]?/y
const value = /[^\s"'`,;<>]{6,200}/y

/** Whether a value after "password:" can be one: neither a word of a sentence, a placeholder, a variable nor a path. */
const looksSecret = (text: string): boolean =>
  !/^[*.xX•-]+$|^[$%{<([]|^(?:null|none|true|false|undefined|process\.|os\.|env\.|string|required|optional|changeme)/i.test(
    text,
  ) &&
  (/\d/.test(text) || /[a-z][A-Z]|[^\w.,:!?)-]/.test(text)) &&
  entropy(text) >= 2.5 &&
  !/^\w+\(|^https?:/.test(text)

const at = (form: RegExp, text: string, index: number): string | undefined => {
  form.lastIndex = index
  return form.exec(text)?.[0]
}

const block = /-----BEGIN (?:[A-Z]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g
const longestBlock = 32_768

const privateKeys = (text: string, emit: Emit): void => {
  if (!text.includes('-----BEGIN ')) return
  for (const found of text.matchAll(block)) {
    const begin = found.index
    const mark = text.slice(begin, begin + longestBlock).indexOf('-----END ')
    const close = mark < 0 ? -1 : text.indexOf('-----', begin + mark + 9)
    const end = mark < 0 || close < 0 || close - begin - mark > 80 ? begin + found[0].length : close + 5
    emit({ kind: 'secret', start: begin, end, score: 0.99, rule: 'private-key', evidence: ['form'] })
  }
}

/** Whether what follows a key and a space leads to its value: "=", ":", "is", "lautet". */
const introduces = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  if (code === 58 || code === 61) return true
  return (code === 105 && text.startsWith('is ', at)) || (code === 108 && text.startsWith('lautet ', at))
}

/** The word with its neighbours to the left, joined: "aws_secret_access_key" ends in `secretaccesskey`. */
const isKey = (scan: Scan, word: number): boolean => {
  let joined = ''
  for (let i = word; i >= 0 && word - i < 3; i--) {
    if (i < word && scan.starts[i + 1]! - scan.ends[i]! > 1) break
    joined = wordAt(scan, i).toLowerCase() + joined
    if (keys.has(joined)) return true
  }
  return false
}

/** Private keys, tokens of known issuers, and values that a key such as "password" introduces. */
export const secret: Detector = {
  kinds: ['secret'],
  find(scan, emit) {
    const { text, starts, ends, count, column, flags } = scan
    privateKeys(text, emit)
    const trimmed = text.trim()
    if (column.has('secret') && trimmed.length >= 4 && trimmed.length <= 512 && !/\s/.test(trimmed)) {
      const start = text.indexOf(trimmed)
      emit({
        kind: 'secret',
        start,
        end: start + trimmed.length,
        score: 0.8,
        rule: 'secret-column',
        evidence: ['column name'],
      })
    }
    for (let word = 0; word < count; word++) {
      const start = starts[word]!
      const end = ends[word]!
      const possible =
        begins2[beginKey(text.charCodeAt(start), text.charCodeAt(start + 1))] === 1
          ? byBeginning.get(text.slice(start, start + 2))
          : undefined
      if (possible && !/[\w/+.-]/.test(text[start - 1] ?? ' '))
        for (const { rule, begins, form } of possible) {
          if (!text.startsWith(begins, start)) continue
          const found = at(form, text, start)
          if (found !== undefined && entropy(found.slice(begins.length)) >= 2.5)
            emit({
              kind: 'secret',
              start,
              end: start + found.length,
              score: clamp(0.97),
              rule,
              evidence: ['form', 'entropy'],
            })
        }
      const next = text.charCodeAt(end)
      if (
        end - start < 3 ||
        end - start > 20 ||
        flags[word]! & hasDigit ||
        !(next === 58 || next === 61 || next === 32 || next === 34 || next === 39)
      )
        continue
      if (next === 32 && !introduces(text, end + 1)) continue
      if (!isKey(scan, word)) continue
      const gap = at(assigned, text, end)
      const held = gap === undefined ? undefined : at(value, text, end + gap.length)
      if (gap === undefined || held === undefined) continue
      const kept = held.replace(/[.)\]}]+$/, '')
      if (kept.length >= 6 && looksSecret(kept))
        emit({
          kind: 'secret',
          start: end + gap.length,
          end: end + gap.length + kept.length,
          score: 0.75,
          rule: 'assigned-secret',
          evidence: [`context: "${wordAt(scan, word).toLowerCase()}"`, 'entropy'],
        })
    }
  },
}
