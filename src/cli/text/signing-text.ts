import { wrapText } from '../../assessment/report/table.ts'
import type { ModelSignature, SignatureVerification } from '../../contract/signing.ts'
import { counted, fields } from './fields.ts'

/** What `bartizan sign` prints. */
export const signatureText = (result: ModelSignature, width: number): string => {
  const { signature, name, root, method, hash, shardSize, files, resources, ignored, signer, receipt } = result
  const { states, changedFrom } = result
  const how = shardSize === null ? `${method}, ${hash}` : `shards of ${shardSize} bytes, ${hash}`
  return [
    `${counted(files, 'file')} signed: ${signature}`,
    fields(
      [
        ['model', name],
        ['root', root],
        ['hashed', `${how}, ${counted(resources, 'part')}`],
        ...(changedFrom === null ? [] : changedFromFields(changedFrom)),
        ['signer', `${signer.kind} ${signer.hint} (ECDSA ${signer.curve})`],
        ['left out', ignored.join(', ')],
        ['states kept', states === null ? undefined : `${states.file}, of ${counted(states.files, 'file')}`],
        ['receipt', receipt === null ? undefined : `${receipt.file}, entry ${receipt.index} of the log`],
      ],
      width,
    ),
  ].join('\n')
}

type ChangedFrom = NonNullable<ModelSignature['changedFrom']>

const reasons: Readonly<Record<keyof ChangedFrom['because'], string>> = {
  added: 'new',
  changed: 'changed',
  touched: 'with another change time, inode or device, as after a copy',
  unproven: 'of which no state was kept',
  asked: 'named by --rehash',
}

const changedFromFields = (from: ChangedFrom): readonly (readonly [string, string | undefined])[] => {
  const { signature, takenOver, onWord, hashed, because, removed, problem } = from
  const amount = ({ files, bytes }: ChangedFrom['hashed']) => `${counted(files, 'file')}, ${counted(bytes, 'byte')}`
  const why = (Object.keys(reasons) as (keyof typeof reasons)[])
    .filter((reason) => because[reason] > 0)
    .map((reason) => `${because[reason]} ${reasons[reason]}`)
  return [
    ['changed from', `${signature}, which holds${removed === 0 ? '' : `; ${counted(removed, 'file')} gone since`}`],
    ['taken over', problem === null ? amount(takenOver) : `nothing: ${problem}`],
    ['on your word', onWord.files === 0 ? undefined : `${amount(onWord)}, which were not looked at`],
    ['hashed again', `${amount(hashed)}${why.length === 0 ? '' : ` (${why.join('; ')})`}`],
  ]
}

type Signer = NonNullable<SignatureVerification['signer']>

const signerText = (signer: Signer): string => {
  if (signer.kind === 'key')
    return `key ${signer.hint} (ECDSA ${signer.curve})${signer.isNamed ? '' : ', which the signature does not name'}`
  if (signer.kind === 'sigstore')
    return `${signer.identity.subject}, as ${signer.identity.issuer} told on ${signer.signedAt}`
  const subject = signer.subject.replaceAll('\n', ', ')
  return `certificate of "${subject}" from "${signer.authority.replaceAll('\n', ', ')}", valid until ${signer.validTo}`
}

/** What `bartizan verify-signature` prints. */
export const signatureVerificationText = (result: SignatureVerification, width: number): string => {
  const { verdict, name, root, signer, scope, only, resources, ignored, unsignedEmpty, findings, receipt } = result
  const part = resources.compared < resources.signed ? `only ${resources.compared} of ` : ''
  return [
    ...findings.map(({ kind, file, message }) => wrapText(`${kind}: ${file}: ${message}`, width, '  ')),
    ...(findings.length === 0 ? [] : ['']),
    fields(
      [
        ['model', name ?? 'nothing is known of it, since the signature does not hold'],
        ['root', root ?? undefined],
        ['signer', signer === null ? undefined : signerText(signer)],
        ['compared', `${part}${counted(resources.signed, 'part')}`],
        ['not looked at', scope === 'part' ? `all but ${only.join(', ')}` : undefined],
        [
          'left out',
          ignored
            .filter(({ files }) => files > 0)
            .map(ignoredText)
            .join(', '),
        ],
        [
          'would be left out',
          ignored
            .filter(({ files }) => files === 0)
            .map(({ path }) => path)
            .join(', '),
        ],
        ['not covered', unsignedEmpty.length === 0 ? undefined : `empty files: ${unsignedEmpty.join(', ')}`],
        ['receipt', receipt === null ? undefined : receiptText(receipt)],
      ],
      width,
    ),
    verdict === 'passed' ? passed(scope) : failed(findings),
  ].join('\n')
}

const passed = (scope: SignatureVerification['scope']): string =>
  scope === 'part'
    ? 'PASSED: this part of the model is what was signed. The rest was not looked at.'
    : 'PASSED: the model is what was signed.'

const failed = (findings: SignatureVerification['findings']): string =>
  findings.every(({ kind }) => kind === 'receipt-invalid')
    ? 'FAILED: it is not shown that the signature was logged.'
    : 'FAILED: this is not shown to be the model that was signed.'

const ignoredText = ({ path, by, files }: SignatureVerification['ignored'][number]): string =>
  `${path} (${counted(files, 'file')}, by the ${by})`

const receiptText = ({ origin, index, size, cosignatures }: NonNullable<SignatureVerification['receipt']>): string => {
  const seen = cosignatures.map(({ name }) => name).join(', ')
  return `entry ${index} of ${size} in ${origin}${seen === '' ? '' : `, seen by ${seen}`}`
}
