import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scratch } from '../../base/testing.ts'
import { strictness, strictnessOf } from '../lineage/licence.ts'
import { readClaims } from './claims.ts'
import { dpiLicence } from './dpi-licences.ts'
import { isDpi, readDpi } from './dpi-read.ts'

const at = scratch()
const page = 'https://example.org/terms.html'
const entry = (more: object = {}) => ({
  'Unique Dataset Identifier': 'alpaca',
  'Dataset Name': 'Alpaca',
  Collection: 'Alpaca',
  'Dataset URL': '',
  'Hugging Face URL': 'https://example.org/alpaca',
  Languages: ['English'],
  Creators: ['Stanford University'],
  'Text Sources': [],
  'Model Generated': ['OpenAI GPT-3'],
  Licenses: [
    { License: 'OpenAI', 'License URL': page },
    { License: 'CC BY-NC 4.0', 'License URL': 'https://example.org/licence' },
  ],
  'Inferred Metadata': { 'GitHub License': 'Apache License 2.0' },
  ...more,
})
const free = entry({
  'Unique Dataset Identifier': 'free',
  'Dataset Name': 'free',
  Licenses: [{ License: 'MIT License' }],
  'Model Generated': [],
})
const custom = entry({ Licenses: [{ License: 'Custom', 'License URL': page }] })

describe('a summary of the Data Provenance Initiative', () => {
  it('gives the licences that its annotators found, all at once, and no inferred one', () => {
    expect(readDpi({ alpaca: entry() }, 'whatever.jsonl')).toMatchObject({
      format: 'dpi',
      licences: ['LicenseRef-DPI-OpenAI', 'CC-BY-NC-4.0'],
      source: 'https://example.org/alpaca',
      consent: { commercial_use: 'notAllowed' },
      digests: {},
      kept: { entries: [{ Creators: ['Stanford University'], Languages: ['English'] }] },
      warnings: [expect.stringContaining('no digest'), expect.stringContaining('OpenAI GPT-3')],
    })
  })
  it('takes the entry of the file name, and all where none is', () => {
    const both = { alpaca: entry(), free }
    expect(readDpi(both, 'FREE.csv')).toMatchObject({ licences: ['MIT'], consent: {} })
    const all = readDpi(both, 'other.csv')
    expect(all.licences).toEqual(['LicenseRef-DPI-OpenAI', 'CC-BY-NC-4.0', 'MIT'])
    expect(all.warnings.join()).toContain('none of its 2 entries is named like other.csv')
  })
  it('reads what its annotators made of custom terms, from the file beside it or in ../constants', async () => {
    expect(readDpi({ custom }, 'x').consent).toEqual({})
    expect(readDpi({ custom }, 'x', { [page]: ['0', '1', 'Acad'] }).consent).toEqual({ commercial_use: 'notAllowed' })
    expect(readDpi({ custom }, 'x', { [page]: ['0', '0', 'All'] }).consent).toEqual({})
    expect(readDpi({ custom }, 'x').licences).toEqual(['LicenseRef-DPI-example.org-terms.html'])
    for (const folder of ['data_summaries', 'constants']) mkdirSync(at(folder), { recursive: true })
    writeFileSync(at('data_summaries/Custom.json'), JSON.stringify({ custom }))
    writeFileSync(at('constants/custom_license_classes.json'), JSON.stringify({ [page]: ['0', '1', 'NC'] }))
    const { claims } = await readClaims(at('data_summaries/Custom.json'), at('x.csv'))
    expect(claims).toMatchObject({ format: 'dpi', consent: { commercial_use: 'notAllowed' } })
  })
  it('is told from a Croissant description, and refused where entries lack what counts', () => {
    expect([{ alpaca: entry() }, { a: { Licenses: [] } }].every(isDpi)).toBe(true)
    for (const other of [{}, [], null, 'x', { conformsTo: 'http://mlcommons.org/croissant/1.0' }])
      expect(isDpi(other)).toBe(false)
    for (const broken of [{ a: { Licenses: [] } }, { a: entry({ Licenses: 'MIT' }) }, { a: entry({ Licenses: [{}] }) }])
      expect(() => readDpi(broken, 'x')).toThrow(expect.objectContaining({ code: 'DATA_FORMAT_UNSUPPORTED' }))
    expect(readDpi({ a: entry({ Licenses: [] }) }, 'x').warnings).toContain('it tells no licence')
  })
})

describe('its names of licences', () => {
  it.each([
    ['CC BY 4.0', 'CC-BY-4.0', 'permissive'],
    ['CC BY-NC-SA 3.0', 'CC-BY-NC-SA-3.0', 'non-commercial'],
    ['CC BY-NC-ND', 'CC-BY-NC-ND', 'no derivatives'],
    ['CC BY SA', 'CC-BY-SA', 'share alike'],
    ['CC BY-SA', 'CC-BY-SA', 'share alike'],
    ['CC BY', 'CC-BY', 'permissive'],
    ['CC0', 'CC0-1.0', 'public domain'],
    ['Apache License 2.0', 'Apache-2.0', 'permissive'],
    ['GNU General Public License v3.0', 'GPL-3.0-only', 'share alike'],
    ['ODC BY 1.0', 'ODC-By-1.0', 'permissive'],
    ['C-UDA', 'C-UDA-1.0', undefined],
    ['No License', 'NONE', 'restricted'],
    ['Academic Research Purposes Only', 'LicenseRef-DPI-Academic-Research-Purposes-Only', 'restricted'],
    // Terms that nobody told, or could class, are open: never taken for free.
    ['Unspecified', 'NOASSERTION', undefined],
    ['Unclear', 'NOASSERTION', undefined],
  ])('%s is %s', (name, spdx, level) => {
    expect(dpiLicence(name, undefined)).toBe(spdx)
    const found = strictnessOf(spdx)
    expect(found === undefined ? undefined : strictness[found]).toBe(level)
  })
})
