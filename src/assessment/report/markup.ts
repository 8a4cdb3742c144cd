import { safeText } from './safe-text.ts'

/** Text that is already HTML or XML. */
export interface Markup {
  readonly markup: string
}

export type Content = Markup | string | number | false | undefined | readonly Content[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** `text` as it may stand between tags or inside a quoted attribute, of HTML and of XML 1.0 alike. */
export const escapeMarkup = (text: string): string => safeText(text).replace(/[&<>"']/g, (char) => entities[char]!)

const rendered = (content: Content): string => {
  if (content === false || content === undefined) return ''
  if (typeof content === 'string') return escapeMarkup(content)
  if (typeof content === 'number') return String(content)
  if ('markup' in content) return content.markup
  return content.map(rendered).join('')
}

/** A template whose every inserted string is escaped; only what another template made goes in as it is. */
export const markup = (strings: TemplateStringsArray, ...values: readonly Content[]): Markup => ({
  markup: strings.reduce((text, part, i) => text + rendered(values[i - 1]) + part),
})
