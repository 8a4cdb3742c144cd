import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { optional, repeated } from '../flags/flag.ts'
import { text } from '../flags/parse.ts'

export const verify = defineCommand({
  name: 'verify',
  summary: 'Check the signed evidence of a project offline: signatures, log, and the files it was measured on',
  arguments: [{ spec: '[folder]', help: 'folder of bartizan.yaml (default: this one)' }],
  flags: {
    key: repeated('--key <file.pem>', 'public key that counts, instead of those in .bartizan/keys', text),
    checkpoint: optional('--checkpoint <file>', 'signed head of the log seen before: the log must continue it', text),
  },
  examples: ['bartizan verify', 'bartizan verify project --key auditor.pub.pem --checkpoint last-seen'],
  async run({ flags, arguments: [folder = '.'], out }) {
    const [{ verifyProject }, { verificationText }] = await Promise.all([
      import('../work/verification.ts'),
      import('../text/verification-text.ts'),
    ])
    const verification = await verifyProject(folder, flags)
    out.print(verificationText(verification, out.width))
    await out.json(verification)
    return verification.verdict === 'passed' ? exitCodes.passed : exitCodes.failed
  },
})
