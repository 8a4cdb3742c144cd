/**
 * Letters that look like a Latin one in ordinary fonts, a compact choice from Unicode's confusables (UTS 39): only those
 * that are hard to tell apart. Greek letters that science mixes with Latin ones (alpha, beta, mu, omega) are left out.
 */
const pairs = {
  cyrillic:
    'аa еe оo рp сc уy хx ѕs іi јj һh ԁd ԛq ԝw ӏl ѵv ԍg АA ВB ЕE ЅS ІI ЈJ КK МM НH ОO РP СC ТT УY ХX ҮY ԌG ԚQ ԜW ' +
    'ѴV кk тt мm вb нh пn гr',
  greek: 'οo νv ρp ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ϲc ϳj ɩi',
  armenian: 'օo սu ոn հh ցg զq',
  cherokee: 'ᎪA ᏴB ᏟC ᎠD ᎬE ᎻH ᎫJ ᏦK ᏞL ᎷM ᏢP ᏒR ᏚS ᎢT ᏙV ᎳW ᏃZ',
} as const

const toLatin = new Map<string, string>()
for (const list of Object.values(pairs))
  for (const pair of list.replace(/\s+/g, ' ').split(' ')) {
    const [other, latin] = [...pair]
    toLatin.set(other!, latin!)
  }

/** The Latin letter that `letter` passes for, or nothing. Mathematical and full-width letters pass for their plain form. */
export const latinLookalike = (letter: string): string | undefined => {
  const known = toLatin.get(letter)
  if (known !== undefined) return known
  const code = letter.codePointAt(0)!
  const styled = (code >= 0x1d400 && code <= 0x1d7ff) || (code >= 0xff21 && code <= 0xff5a)
  const plain = styled ? letter.normalize('NFKC') : ''
  return /^[A-Za-z]$/.test(plain) ? plain : undefined
}

/** The Cyrillic letter that a Latin one passes for, or nothing. */
export const cyrillicLookalike: (letter: string) => string | undefined = (() => {
  const table = new Map<string, string>()
  for (const [other, latin] of toLatin)
    if (/\p{Script=Cyrillic}/u.test(other) && !table.has(latin)) table.set(latin, other)
  return (letter: string) => table.get(letter)
})()
