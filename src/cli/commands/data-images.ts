import { exitCodes } from '../../base/errors.ts'
import { defineCommand } from '../command.ts'
import { optional } from '../flags/flag.ts'
import { positiveNumber, shape, text } from '../flags/parse.ts'

export const dataImages = defineCommand({
  name: 'data images',
  summary: 'Check images: decoding, size, channels, blank, misnamed, turned, near-duplicates, leakage',
  arguments: [{ spec: '<path>', help: 'folder of images, or an IDX, npy or npz array' }],
  flags: {
    against: optional(
      '--against <path>',
      'another set that must not hold these images, e.g. the training images',
      text,
    ),
    size: optional('--size <HxW>', 'declared height and width (default: what most images have)', shape),
    channels: optional('--channels <n>', 'declared channels, without alpha: 1 or 3 (default: as most)', positiveNumber),
  },
  examples: ['bartizan data images photos --size 224x224 --channels 3', 'bartizan data images test --against train'],
  async run({ flags, arguments: [path = '.'], out }) {
    const [{ checkImageSet }, { imagesCheckText }] = await Promise.all([
      import('../work/image-checking.ts'),
      import('../text/images-check-text.ts'),
    ])
    const result = await checkImageSet(path, flags)
    out.print(imagesCheckText(result, out.width))
    await out.json(result)
    return result.verdict === 'passed' ? exitCodes.passed : exitCodes.failed
  },
})
