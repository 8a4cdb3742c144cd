import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scratch } from '../../base/testing.ts'
import { checkClaims, readClaims } from './claims.ts'
import { readCroissant } from './croissant-read.ts'
import { readDvc } from './dvc-read.ts'

const at = scratch()
const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

describe('readCroissant', () => {
  const croissant = (more: object) => JSON.stringify({ conformsTo: 'http://mlcommons.org/croissant/1.1', ...more })
  it('reads licences, source and digest, and keeps what it does not use', () => {
    const claims = readCroissant(
      croissant({
        license: [{ '@id': 'https://creativecommons.org/publicdomain/zero/1.0/' }, 'MIT'],
        url: 'https://example.org',
        'rai:dataCollection': 'by hand',
        'prov:wasDerivedFrom': { '@id': 'https://example.org/older' },
        distribution: [{ name: 'x.csv', sha256: 'AB'.repeat(32) }],
      }),
      'x.csv',
    )
    expect(claims).toMatchObject({
      licences: ['CC0-1.0', 'MIT'],
      source: 'https://example.org',
      digests: { sha256: 'ab'.repeat(32) },
      kept: { 'rai:dataCollection': 'by hand', 'prov:wasDerivedFrom': { '@id': 'https://example.org/older' } },
      warnings: [],
    })
  })
  it('warns of what can not be compared', () => {
    const warned = (distribution: unknown) => readCroissant(croissant({ distribution }), 'x.csv').warnings.length
    for (const distribution of [
      [{ name: 'x.csv', sha256: 'ab'.repeat(16) }],
      [{ name: 'x.csv', sha256: 7 }],
      [{ name: 'x.csv' }],
      [{ name: 'other.csv', sha256: 'ab'.repeat(32) }],
      'nonsense',
      null,
    ])
      expect(warned(distribution)).toBe(1)
  })
  it('refuses what is no Croissant', () => {
    for (const text of ['{', '[]', '{}', '{"conformsTo":"http://mlcommons.org/croissant/9.0"}'])
      expect(() => readCroissant(text, 'x')).toThrow(expect.objectContaining({ code: 'DATA_FORMAT_UNSUPPORTED' }))
  })
})

describe('a .dvc file', () => {
  const text = 'a\r\nb\r\nc\r'
  const dvc = (digest: string, hash = '') => `outs:\n- md5: ${digest}\n  size: 8\n${hash}  path: x.csv\n`
  it('is a claim that is hashed again: raw since DVC 3, with "\\n" line ends before', async () => {
    writeFileSync(at('x.csv'), text)
    const check = async (content: string) => {
      writeFileSync(at('x.csv.dvc'), content)
      return checkClaims((await readClaims(at('x.csv.dvc'), at('x.csv'))).claims, at('x.csv'), undefined)
    }
    const unix = md5(text.replaceAll('\r\n', '\n'))
    expect(await check(dvc(md5(text), '  hash: md5\n'))).toEqual(['md5'])
    expect(await check(dvc(unix))).toEqual(['md5-dos2unix'])
    await expect(check(dvc(unix, '  hash: md5\n'))).rejects.toMatchObject({ code: 'EVIDENCE_INVALID' })
    await expect(check(dvc(md5('other')))).rejects.toMatchObject({ code: 'EVIDENCE_INVALID' })
  })
  it('warns of folders and other files, and refuses what is none', () => {
    expect(readDvc(dvc(`${md5('x')}.dir`), 'x.csv')).toMatchObject({ digests: {}, warnings: [expect.any(String)] })
    expect(readDvc(dvc(md5('x')), 'y.csv').warnings).toHaveLength(1)
    for (const content of ['', 'outs: 7', 'outs:\n- md5: x', '- [', 'a: &a [1]\nouts: [*a]'])
      expect(() => readDvc(content, 'x')).toThrow(expect.objectContaining({ code: 'DATA_FORMAT_UNSUPPORTED' }))
    expect(() => readDvc('outs:\n- path: x\n- [', 'x')).toThrow(/no \.dvc file: line 3: /)
  })
})
