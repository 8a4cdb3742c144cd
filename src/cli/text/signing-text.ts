import { wrapText } from '../../assessment/report/table.ts'
import type { ModelSignature, SignatureVerification } from '../../contract/signing.ts'
import { counted, fields } from './fields.ts'

/** What `bartizan sign` prints. */
export const signatureText = (result: ModelSignature, width: number): string => {
  const { signature, name, root, method, hash, shardSize, files, resources, ignored, signer, receipt } = result
  const how = shardSize === null ? `${method}, ${hash}` : `shards of ${shardSize} bytes, ${hash}`
  return [
    `${counted(files, 'file')} signed: ${signature}`,
    fields(
      [
        ['model', name],
        ['root', root],
        ['hashed', `${how}, ${counted(resources, 'part')}`],
        ['signer', `${signer.kind} ${signer.hint} (ECDSA ${signer.curve})`],
        ['left out', ignored.join(', ')],
        ['receipt', receipt === null ? undefined : `${receipt.file}, entry ${receipt.index} of the log`],
      ],
      width,
    ),
  ].join('\n')
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
  const { verdict, name, root, signer, resources, ignored, unsignedEmpty, findings, receipt } = result
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
    verdict === 'passed' ? passed(part !== '') : failed(findings),
  ].join('\n')
}

const passed = (isPart: boolean): string =>
  `PASSED: ${isPart ? 'these parts of the model are' : 'the model is'} what was signed.`

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
