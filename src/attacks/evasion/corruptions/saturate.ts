import { withHsv } from './colour.ts'
import { defineCorruption } from './corruption.ts'

interface Saturation {
  readonly times: number
  readonly plus: number
}

/** Colours washed out (severities 1 and 2) or too strong. A grey image has no saturation to change. */
export const saturate = defineCorruption<Saturation>({
  id: 'saturate',
  title: 'Saturate: colours washed out or too strong',
  colourOnly: true,
  small: [
    { times: 0.3, plus: 0 },
    { times: 0.1, plus: 0 },
    { times: 1.5, plus: 0 },
    { times: 2, plus: 0.1 },
    { times: 2.5, plus: 0.2 },
  ],
  large: [
    { times: 0.3, plus: 0 },
    { times: 0.1, plus: 0 },
    { times: 2, plus: 0 },
    { times: 5, plus: 0.1 },
    { times: 20, plus: 0.2 },
  ],
  apply: (image, { times, plus }) =>
    withHsv(image, (hsv) => ({ ...hsv, saturation: Math.min(Math.max(hsv.saturation * times + plus, 0), 1) })),
})
