import { type Markup, markup } from '../markup.ts'
import { style } from './style.ts'

export interface HtmlPage {
  readonly title: string
  readonly header: Markup
  readonly main: Markup
  readonly tool: { readonly name: string; readonly version: string }
  /** Where durations stand: they are not on the page. */
  readonly durations: string
}

/** A page that needs nothing else: no script, no request; the content policy forbids both. */
export const htmlPage = ({ title, header, main, tool, durations }: HtmlPage): string => {
  const page = markup`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the report</a>
<div class="page">
${header}
<main id="content">
${main}
</main>
<footer><p>Made by ${tool.name} ${tool.version}. This file is self-contained: it loads nothing and sends nothing. Durations are in ${durations}.</p></footer>
</div>
</body>
</html>`
  return `<!doctype html>\n${page.markup}\n`
}
