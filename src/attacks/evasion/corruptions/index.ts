import type { AnyAttack } from '../../../threat/attack.ts'
import { brightness } from './brightness.ts'
import { contrast } from './contrast.ts'
import { defocusBlur } from './defocus-blur.ts'
import { elasticTransform } from './elastic-transform.ts'
import { fog } from './fog.ts'
import { frost } from './frost.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import { gaussianNoise } from './gaussian-noise.ts'
import { glassBlur } from './glass-blur.ts'
import { impulseNoise } from './impulse-noise.ts'
import { jpegCompression } from './jpeg-compression.ts'
import { motionBlur } from './motion-blur.ts'
import { pixelate } from './pixelate.ts'
import { saturate } from './saturate.ts'
import { shotNoise } from './shot-noise.ts'
import { snow } from './snow.ts'
import { spatter } from './spatter.ts'
import { speckleNoise } from './speckle-noise.ts'
import { zoomBlur } from './zoom-blur.ts'

/** Every corruption, by kind: noise, blur, weather, digital. */
export const corruptions: readonly AnyAttack[] = [
  gaussianNoise,
  shotNoise,
  impulseNoise,
  speckleNoise,
  defocusBlur,
  glassBlur,
  motionBlur,
  zoomBlur,
  gaussianBlur,
  snow,
  frost,
  fog,
  spatter,
  brightness,
  contrast,
  saturate,
  elasticTransform,
  pixelate,
  jpegCompression,
]
