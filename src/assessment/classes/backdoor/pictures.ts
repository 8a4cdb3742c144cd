import type { InputInfo } from '../../../contract/index.ts'
import { type Trigger, type TriggerSpace, withTrigger } from '../../../defenses/backdoor/index.ts'
import { differencePicture, type Picture, rowPicture } from '../../report/index.ts'

/**
 * A patch as it lies on a row of middle grey; a blended pattern enlarged until its biggest change spans the scale.
 * Undefined where rows are no images.
 */
export const triggerPicture = (trigger: Trigger, space: TriggerSpace, input: InputInfo): Picture | undefined => {
  const { length } = trigger.pattern
  if (trigger.kind === 'blend') return differencePicture(new Float32Array(length), trigger.pattern, input)?.picture
  const grey = new Float32Array(length).fill((space.low + space.high) / 2)
  return rowPicture(withTrigger(trigger, grey, space), input)
}
