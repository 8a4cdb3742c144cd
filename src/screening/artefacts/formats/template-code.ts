/** What a Jinja template runs: its expressions and statements, and the texts in them as the engine reads them. */
export interface TemplateCode {
  /** The code with `""` in place of every text. */
  readonly bare: string
  /** The texts, their escapes resolved; those that stand next to one another, or are joined by + or ~, as one. */
  readonly texts: readonly string[]
  /** The code as it stands. */
  readonly whole: string
}

const ends: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}' }

/** Where the text that begins at `at` ends, or the template, where it has no end. */
const textEnd = (template: string, at: number): number => {
  for (let i = at + 1; i < template.length; i += template[i] === '\\' ? 2 : 1)
    if (template[i] === template[at]) return i + 1
  return template.length
}

const isQuote = (char: string | undefined): boolean => char === '"' || char === "'"

/** The inside of every expression and statement: an end within a text is none, and one that is missing is the template's. */
const insidesOf = (template: string): readonly string[] => {
  const insides: string[] = []
  for (let at = template.indexOf('{'); at >= 0; at = template.indexOf('{', at)) {
    const opening = template.slice(at, at + 2)
    if (opening === '{#') {
      const end = template.indexOf('#}', at + 2)
      at = end < 0 ? template.length : end + 2
      continue
    }
    const end = ends[opening]
    at += end === undefined ? 1 : 2
    if (end === undefined) continue
    const from = at
    while (at < template.length && !template.startsWith(end, at))
      at = isQuote(template[at]) ? textEnd(template, at) : at + 1
    insides.push(template.slice(from, at))
  }
  return insides
}

const unescaped = (text: string): string =>
  text.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{1,3})|N\{([^}]{1,80})\}|([\s\S]))/gi,
    (whole, x, u, wide, octal, name, char) => {
      if (name !== undefined) return /^low line$/i.test(name) ? '_' : whole
      if (char !== undefined) return char
      const code = octal === undefined ? Number.parseInt(x ?? u ?? wide, 16) : Number.parseInt(octal, 8)
      return code > 0x10ffff ? whole : String.fromCodePoint(code)
    },
  )

/** Reads the code of a template. */
export const templateCode = (template: string): TemplateCode => {
  const whole = insidesOf(template).join('\n')
  const texts: string[] = []
  let bare = ''
  let last = 0
  for (let at = 0; at < whole.length; at++) {
    if (!isQuote(whole[at])) continue
    const end = textEnd(whole, at)
    const between = whole.slice(last, at)
    const text = unescaped(whole.slice(at + 1, end - 1))
    if (last > 0 && /^\s*[+~,]?\s*$/.test(between)) texts.push(`${texts.pop()}${text}`)
    else texts.push(text)
    bare += `${between}""`
    last = end
    at = end - 1
  }
  return { bare: bare + whole.slice(last), texts, whole }
}
