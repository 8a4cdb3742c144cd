import { damaged } from '../../content.ts'

/** Unpacked bytes up to a limit; they are also the window that later matches refer back to. */
export interface Output {
  readonly limit: number
  size(): number
  push(byte: number): void
  append(bytes: Uint8Array): void
  /** The byte `distance` before the end; 1 is the last one. */
  back(distance: number): number
  /** Repeats `length` bytes from `distance` before the end, which may overlap what is written. */
  copy(distance: number, length: number): void
  /** What has been written from `start` on. */
  from(start: number): Uint8Array
}

/** Thrown where the output would grow beyond its limit. */
export const limitReached = new Error('the limit of unpacked bytes is reached')

const smallest = 2 ** 16

/** An output that grows as it is written and never beyond `limit`: what fits is kept, then `limitReached` is thrown. */
export const outputOf = (limit: number): Output => {
  let bytes = new Uint8Array(Math.min(limit, smallest))
  let size = 0
  const grow = (needed: number): void => {
    const grown = new Uint8Array(Math.min(limit, Math.max(needed, bytes.length * 2)))
    grown.set(bytes.subarray(0, size))
    bytes = grown
  }
  /** Room for up to `length` bytes; how many fit. */
  const room = (length: number): number => {
    const fits = Math.min(length, limit - size)
    if (size + fits > bytes.length) grow(size + fits)
    return fits
  }
  return {
    limit,
    size: () => size,
    push(byte) {
      if (size === bytes.length && room(1) === 0) throw limitReached
      bytes[size++] = byte
    },
    append(more) {
      const fits = room(more.length)
      bytes.set(more.subarray(0, fits), size)
      size += fits
      if (fits < more.length) throw limitReached
    },
    back: (distance) => bytes[size - distance] ?? 0,
    copy(distance, length) {
      if (distance < 1 || distance > size) throw damaged(`it refers ${distance} bytes back where there are ${size}`)
      const fits = room(length)
      if (distance >= fits) bytes.copyWithin(size, size - distance, size - distance + fits)
      else for (let i = size; i < size + fits; i++) bytes[i] = bytes[i - distance]!
      size += fits
      if (fits < length) throw limitReached
    },
    from: (start) => bytes.subarray(start, size),
  }
}
