/** Names that the Data Provenance Initiative gives to licences (its constants/license_classes.json), as SPDX has them. */
const spdx: Readonly<Record<string, string>> = {
  'academic free license v3.0': 'AFL-3.0',
  'apache license 2.0': 'Apache-2.0',
  'apache 2.0': 'Apache-2.0',
  'artistic license 2.0': 'Artistic-2.0',
  'bsd 2-clause license': 'BSD-2-Clause',
  'bsd 3-clause license': 'BSD-3-Clause',
  'c-uda': 'C-UDA-1.0',
  cc0: 'CC0-1.0',
  'cc0 1.0': 'CC0-1.0',
  'cdla permissive 1.0': 'CDLA-Permissive-1.0',
  'cdla permissive 2.0': 'CDLA-Permissive-2.0',
  'cdla sharing 1.0': 'CDLA-Sharing-1.0',
  'epl 1.0': 'EPL-1.0',
  'gnu general public license v2.0': 'GPL-2.0-only',
  'gnu general public license v3.0': 'GPL-3.0-only',
  'isc license': 'ISC',
  'lgpl 2.1': 'LGPL-2.1-only',
  'lgpl 3.0': 'LGPL-3.0-only',
  mit: 'MIT',
  'mit license': 'MIT',
  'mpl 2.0': 'MPL-2.0',
  'odc by 1.0': 'ODC-By-1.0',
  'ogl 3.0': 'OGL-UK-3.0',
  // Nobody found terms, which is no permission.
  'no license': 'NONE',
  unspecified: 'NOASSERTION',
  unclear: 'NOASSERTION',
  various: 'NOASSERTION',
  '': 'NOASSERTION',
}

/** Terms that have no SPDX identifier and that the initiative's annotators class as not for commercial use. */
const notCommercial: readonly string[] = [
  'academic research purposes only',
  'anthropic',
  'cslu agreement',
  'google cloud translation api',
  'ldc user agreement',
  'microsoft data licensing agreement',
  'non commercial',
  'openai',
  'request form',
]

const commons = /^CC BY(?:[- ](NC))?(?:[- ](SA|ND))?(?: (\d\.\d))?$/i

const referenceOf = (name: string): string =>
  `LicenseRef-DPI-${name
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .slice(0, 96)
    .replace(/^-|-$/g, '')}`

/** A licence of the initiative as an SPDX identifier, or as a LicenseRef, of which the terms must be read. */
export const dpiLicence = (name: string, url: string | undefined): string => {
  const plain = name.trim()
  const known = spdx[plain.toLowerCase()]
  if (known !== undefined) return known
  const cc = commons.exec(plain)
  if (cc !== null) return ['CC-BY', ...cc.slice(1).filter((part) => part !== undefined)].join('-').toUpperCase()
  return referenceOf(plain.toLowerCase() === 'custom' && url ? url.replace(/^https?:\/\//, '') : plain)
}

/** Whether its annotators class a licence as not for commercial use ("NC" and "Acad"); a custom one by its page. */
export const isNotCommercial = (
  name: string,
  url: string | undefined,
  customClasses: Readonly<Record<string, unknown>>,
): boolean => {
  const classes = url === undefined ? undefined : customClasses[url]
  return (
    notCommercial.includes(name.trim().toLowerCase()) ||
    (Array.isArray(classes) && classes.some((each) => each === 'NC' || each === 'Acad'))
  )
}
