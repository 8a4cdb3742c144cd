import { type Content, latin1, windowsOf } from '../content.ts'
import type { Artefact, ScanContext } from '../context.ts'
import { decoded } from './encoding.ts'
import { isRecord, parseJson, recordsIn } from './json-text.ts'
import { isKerasConfig, scanKerasConfig } from './keras-config.ts'
import { checkTemplate } from './template.ts'

/** Larger JSON files are data; they are searched for a few words only. */
const largestJson = 16 * 2 ** 20

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length

const isControl = (code: number): boolean => code < 9 || (code > 13 && code < 32 && code !== 27)

/** Whether the first bytes are text without control characters: UTF-8, or UTF-16 and UTF-32 that are ASCII for the most part. */
export const isText = (content: Content): boolean => {
  const head = content.read(0, 4096)
  const text = decoded(head)
  const codes = Array.from(text, (char) => char.codePointAt(0)!)
  const ascii = codes.filter((code) => code < 128).length
  if (codes.length === 0 || codes.some(isControl) || (codes.length <= head.length / 2 && ascii <= codes.length / 2))
    return false
  // The last character may be cut.
  return !text.slice(0, -4).includes('\ufffd')
}

export type TextKind = 'python' | 'shell' | 'notebook' | 'json' | 'yaml' | 'config' | 'template' | 'text'

const byExtension: Readonly<Record<string, TextKind>> = {
  py: 'python',
  pyw: 'python',
  pth: 'text',
  sh: 'shell',
  bash: 'shell',
  zsh: 'shell',
  ps1: 'shell',
  bat: 'shell',
  cmd: 'shell',
  ipynb: 'notebook',
  json: 'json',
  jsonl: 'text',
  yaml: 'yaml',
  yml: 'yaml',
  toml: 'config',
  ini: 'config',
  cfg: 'config',
  jinja: 'template',
  jinja2: 'template',
  j2: 'template',
  dvc: 'yaml',
  keras: 'json',
}

/** By the first line where it says so, else by the extension. */
export const textKind = (content: Content, extension: string): TextKind => {
  const head = decoded(content.read(0, 256))
  if (/^#!.*\bpython/.test(head)) return 'python'
  if (head.startsWith('#!')) return 'shell'
  return byExtension[extension] ?? (/^\s*[{[]/.test(head) ? 'json' : 'text')
}

const reportAutoMap = (value: unknown, place: { artefact: Artefact; line: number }, context: ScanContext): void => {
  const targets = isRecord(value)
    ? Object.values(value)
        .flat()
        .filter((one) => typeof one === 'string')
    : []
  const elsewhere = targets.filter((target) => target.includes('--'))
  if (elsewhere.length > 0)
    context.report('remote-code-elsewhere', place, `auto_map takes code from ${String(elsewhere[0]).slice(0, 200)}`)
  else context.report('remote-code', place, `auto_map names ${targets.slice(0, 3).join(', ').slice(0, 200) || 'code'}`)
}

const scanJson = (artefact: Artefact, context: ScanContext): void => {
  const { content } = artefact
  if (content.size > largestJson) {
    searchLargeJson(artefact, context)
    return
  }
  const text = decoded(content.read(0, content.size))
  const value = parseJson(text)
  if (value === undefined) {
    scanWords(artefact, text, context)
    return
  }
  const records = [...recordsIn(value)]
  if (records.some(({ record }) => isKerasConfig(record))) scanKerasConfig(value, artefact, context)
  for (const { record, path } of records) {
    const place = { artefact, item: path || 'top level' }
    if (isRecord(record.auto_map))
      reportAutoMap(record.auto_map, { artefact, line: lineOf(text, text.indexOf('"auto_map"')) }, context)
    if (record.trust_remote_code === true)
      context.report(
        'remote-code',
        { artefact, line: lineOf(text, text.indexOf('"trust_remote_code"')) },
        'trust_remote_code is true',
      )
    for (const template of templatesOf(record)) checkTemplate(template, place, context)
  }
}

/** A chat template, or a list of named ones. */
const templatesOf = (record: Readonly<Record<string, unknown>>): readonly string[] => {
  const value = record.chat_template
  if (typeof value === 'string') return [value]
  return Array.isArray(value)
    ? value.flatMap((one: unknown) => (isRecord(one) && typeof one.template === 'string' ? [one.template] : []))
    : []
}

const searchLargeJson = (artefact: Artefact, context: ScanContext): void => {
  for (const { bytes } of windowsOf(artefact.content, 0, artefact.content.size, 64))
    if (/"(?:auto_map|trust_remote_code|chat_template|class_name)"/.test(latin1(bytes))) {
      context.unscanned(artefact, 'it is JSON too large to read, with words of a model configuration in it')
      return
    }
}

const trust = /^.{0,300}?\btrust_remote_code\b["']?\s{0,8}[:=]\s{0,8}["']?true\b/im
const pythonTag = /!!python\/(?:object(?:\/(?:apply|new))?|name|module):\s{0,4}[\w.]{0,200}/
/** Tags of plain data. */
const pythonData = /python\/(?:tuple|unicode|str|int|long|float|bool|none|complex|list|dict|bytes)$/

const scanWords = (artefact: Artefact, text: string, context: ScanContext): void => {
  const found = trust.exec(text)
  if (found !== null)
    context.report('remote-code', { artefact, line: lineOf(text, found.index) }, 'trust_remote_code is true')
}

/** A handle of the file's own for tags of Python, whole or in part: no ordinary file renames YAML's own tags. */
const pythonHandle = /^%TAG\s{1,8}!\w{0,80}!?\s{1,8}tag:yaml\.org,2002:\w{0,80}/m
const pythonUri = /tag:yaml\.org,2002:python\/\w[\w/:.]{0,200}/

const scanYaml = (artefact: Artefact, raw: string, context: ScanContext): void => {
  // Tags may be written with escapes as in addresses.
  const text = raw.replace(/%([2-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  const uri = pythonUri.exec(text)
  const tag = pythonTag.exec(text) ?? (uri !== null && pythonData.test(uri[0]) ? null : uri) ?? pythonHandle.exec(text)
  if (tag !== null)
    context.report('yaml-python-object', { artefact, line: lineOf(text, tag.index) }, `it has the tag ${tag[0]}`)
  scanWords(artefact, raw, context)
}

/** Scripts and notebooks are named; configurations are read for what makes a library run code. */
export const scanText = (artefact: Artefact, kind: TextKind, context: ScanContext): void => {
  if (kind === 'python' || kind === 'shell' || kind === 'notebook') {
    const what = { python: 'a Python script', shell: 'a shell script', notebook: 'a notebook' }[kind]
    context.report('script-file', { artefact }, `it is ${what}`)
    return
  }
  if (kind === 'json') {
    scanJson(artefact, context)
    return
  }
  if (kind === 'text' || artefact.content.size > largestJson) return
  const text = decoded(artefact.content.read(0, artefact.content.size))
  if (kind === 'yaml') scanYaml(artefact, text, context)
  else if (kind === 'template') checkTemplate(text, { artefact }, context)
  else scanWords(artefact, text, context)
}
