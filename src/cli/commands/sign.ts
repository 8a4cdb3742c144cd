import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { defaulted, optional, repeated, required, toggle } from '../flags/flag.ts'
import { oneOf, positiveNumber, text } from '../flags/parse.ts'

export const sign = defineCommand({
  name: 'sign',
  summary: 'Sign a model file or folder in the OpenSSF model-signing format, so that others can check it',
  arguments: [{ spec: '<model>', help: 'file or folder of the model' }],
  flags: {
    key: required('--key <file.pem>', 'private key, ECDSA P-256, P-384 or P-521', text),
    cert: repeated(
      '--cert <file.pem>',
      "the key's certificate, then those that issued it; named instead of the key",
      text,
    ),
    out: defaulted('--out <file>', 'signature to write', text, 'model.sig'),
    ignore: repeated('--ignore <path>', 'path below the model to leave out; the signature says so', text),
    method: defaulted('--method <how>', 'hash whole files or shards of them', oneOf('files', 'shards'), 'files'),
    shardSize: optional('--shard-size <bytes>', 'bytes of a shard (default 1000000000)', positiveNumber),
    hash: defaulted('--hash <name>', 'sha256 or blake2b', oneOf('sha256', 'blake2b'), 'sha256'),
    allowSymlinks: toggle('--allow-symlinks', 'sign the files that links lead to'),
    keepStates: toggle('--keep-states', 'write <out>.states too, signed: --changed-from reads it'),
    changedFrom: optional(
      '--changed-from <file.sig>',
      "a signature by the same key: files shown to be unchanged by its .states aren't hashed again",
      text,
    ),
    rehash: repeated('--rehash <path>', 'with --changed-from: hash this again, and take all else on your word', text),
    receipt: optional('--receipt <file>', "record it in the project's log and write the proof of that", text),
    project: defaulted('--project <folder>', 'whose log: the folder of bartizan.yaml', text, '.', 'this one'),
  },
  examples: [
    'bartizan sign model/ --key key.pem',
    'bartizan sign model/ --key key.pem --changed-from model.sig',
    'bartizan sign model.onnx --key key.pem --out model.onnx.sig --receipt model.tlog-proof',
  ],
  async run({ flags, arguments: [model = '.'], out }) {
    const [{ signFiles }, { signatureText }] = await Promise.all([
      import('../work/signing.ts'),
      import('../text/signing-text.ts'),
    ])
    const signature = await signFiles(model, flags, out.progress)
    out.print(signatureText(signature, out.width))
    await out.json(signature)
    return exitCodes.passed
  },
})
