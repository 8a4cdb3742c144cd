import { describe, expect, it } from 'vitest'
import { style } from './style.ts'

type Palette = ReadonlyMap<string, string>

const palettes = (): readonly Palette[] =>
  style
    .split(':root{')
    .slice(1)
    .map(
      (block) =>
        new Map(
          [...block.slice(0, block.indexOf('}')).matchAll(/--([\w-]+):(#[0-9a-f]+)/g)].map(([, k, v]) => [k!, v!]),
        ),
    )

/** Relative luminance, WCAG 2.2. */
const luminance = (hex: string): number => {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((i) => Number.parseInt(full.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const contrast = (a: string, b: string): number => {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

describe('style', () => {
  it('has a palette for light, dark and print', () => {
    expect(palettes()).toHaveLength(3)
  })

  it.each([
    ['ink', 'paper card soft pass-soft fail-soft warn-soft'],
    ['muted', 'paper card soft'],
    ['accent', 'paper card fail-soft pass-soft warn-soft'],
    ['pass', 'paper card pass-soft'],
    ['fail', 'paper card fail-soft'],
    ['warn', 'paper card warn-soft'],
  ])('%s has a contrast of 4.5 on %s', (text, backgrounds) => {
    for (const palette of palettes())
      for (const background of backgrounds.split(' '))
        expect(
          contrast(palette.get(text)!, palette.get(background)!),
          `${text} on ${background}`,
        ).toBeGreaterThanOrEqual(4.5)
  })

  it('draws each curve with a contrast of 3 on its card', () => {
    for (const palette of palettes())
      for (const series of ['s0', 's1', 's2', 's3', 's4'])
        expect(contrast(palette.get(series)!, palette.get('card')!)).toBeGreaterThanOrEqual(3)
  })
})
