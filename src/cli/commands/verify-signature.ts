import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { optional, repeated, required, toggle } from '../flags/flag.ts'
import { positiveNumber, text } from '../flags/parse.ts'

export const verifySignature = defineCommand({
  name: 'verify-signature',
  summary:
    'Check a model against its signature, offline: who signed, and every file that changed, is missing or was added',
  arguments: [{ spec: '<model>', help: 'file or folder of the model' }],
  flags: {
    signature: required('--signature <file>', 'signature of the model', text),
    key: repeated('--key <file.pem>', 'public key that counts', text),
    ca: repeated('--ca <file.pem>', 'certificates of the authorities that count', text),
    trustedRoot: optional('--trusted-root <file>', 'trusted_root.json of Sigstore, with --identity and --issuer', text),
    identity: optional('--identity <name>', 'e-mail address or URI that must have signed', text),
    issuer: optional('--issuer <url>', 'OpenID Connect provider that must have told who it is', text),
    only: repeated('--only <path>', 'compare only this file or folder of the model; the rest is not looked at', text),
    ignore: repeated('--ignore <path>', 'path below the model to leave out; never a signed file', text),
    ignoreUnsigned: toggle('--ignore-unsigned', 'let files pass that were not signed'),
    refuseIgnored: toggle('--refuse-ignored', 'files that the signature leaves out count as not signed'),
    legacy: toggle('--legacy', 'accept the formats of model_signing before 1.0, which bind less'),
    receipt: optional('--receipt <file>', 'proof that the signature is in a log, with --log-key', text),
    logKey: repeated('--log-key <file.pem>', 'public key of the log that counts', text),
    witness: repeated('--witness <key>', 'verifier key (name+id+base64) of one who must have seen the log', text),
    witnesses: optional('--witnesses <n>', 'how many of them must have (default all)', positiveNumber),
  },
  examples: [
    'bartizan verify-signature model/ --signature model.sig --key signer.pub.pem',
    'bartizan verify-signature model/ --signature model.sig --ca root-ca.pem --only tokenizer',
  ],
  async run({ flags, arguments: [model = '.'], out }) {
    const [{ verifyFiles }, { signatureVerificationText }] = await Promise.all([
      import('../work/signature-check.ts'),
      import('../text/signing-text.ts'),
    ])
    const verification = await verifyFiles(model, flags, out.progress)
    out.print(signatureVerificationText(verification, out.width))
    await out.json(verification)
    return verification.verdict === 'passed' ? exitCodes.passed : exitCodes.failed
  },
})
