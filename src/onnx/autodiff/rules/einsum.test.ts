import { describe, expect, it } from 'vitest'
import { gradientError } from '../gradient-check.ts'

describe('Einsum', () => {
  it.each([
    ['ij,jk->ik', '2x3 3x4'],
    ['ij,jk', '2x3 3x4'],
    [' b i j , b j k -> b i k ', '2x3x4 2x4x2'],
    ['bhqd,bhkd->bhqk', '2x2x3x4 2x2x5x4'],
    ['i,j->ij', '3 4'],
    ['i,i->', '3 3'],
    ['i,i', '3 3'],
    ['ijk->kj', '2x3x4'],
    ['ij->', '2x3'],
    ['ij,k->k', '2x3 4'],
    ['ij,ij,ij->i', '2x3 2x3 2x3'],
    ['ab,bc,cd->ad', '2x3 3x2 2x4'],
    ['...ij,...jk->...ik', '2x3x2x4 2x1x4x2'],
    ['...i,i->...', '2x3x4 4'],
    ['i...,i...->i...', '2x3x4 2x3x4'],
    ['...ij,jk', '2x1x3x4 4x2'],
    ['bij,bij->bij', '2x1x4 2x3x1'],
    ['ij,ij->i', '2x3 2x1'],
    ['bii->bi', '2x3x3'],
    ['ii->', '3x3'],
    ['bii,bi->b', '2x3x3 2x3'],
  ])('agrees with central differences for %s of %s', async (equation, shapes) => {
    const inputs = shapes.split(' ').map((shape) => ({ dims: shape.split('x').map(Number) }))
    for (const symbolicBatch of [false, true]) {
      const error = await gradientError({ inputs, build: (g, xs) => g.op('Einsum', xs, { equation }), symbolicBatch })
      expect(error).toBeLessThan(1e-6)
    }
  })
})
