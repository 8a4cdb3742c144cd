/** One row as an image: a plane a channel, each row-major, values from 0 to 1. */
export interface Image {
  readonly height: number
  readonly width: number
  /** One (grey) or three (red, green, blue). */
  readonly planes: readonly Float64Array[]
}

/** The same done to each channel. */
export const mapPlanes = (image: Image, change: (plane: Float64Array) => Float64Array): Image => ({
  ...image,
  planes: image.planes.map(change),
})

/** The same done to each value. */
export const mapValues = (image: Image, change: (value: number) => number): Image =>
  mapPlanes(image, (plane) => plane.map(change))

/** Standard normals, as many as asked for. */
export const normals = (count: number, random: { fillNormals(into: Float32Array): void }): Float32Array => {
  const drawn = new Float32Array(count)
  random.fillNormals(drawn)
  return drawn
}
