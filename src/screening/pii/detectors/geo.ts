import { nearest, topic } from '../context.ts'
import { clamp, type Detector } from '../detector.ts'

const words = topic(
  `lat, lng, lon, long, latitude, longitude, lat lon, lat lng, latlng, coordinates, coords, gps, location, position, geo, geolocation, koordinaten, standort, position, coordonnées, latitud, longitud, coordenadas, coordinate, współrzędne, coördinaten, koordinater, координаты, широта, долгота, 座標, 坐标, 좌표`,
)

const decimal = /[+-]?\d{1,3}\.\d{3,15}(?!\d)/y
const between = /[ ]?[,;/ ][ ]?(?:(?:lon|lng|long|longitude)[ :=]{1,2})?/iy
const sexagesimal =
  /\d{1,3}°[ ]?\d{1,2}['′’][ ]?(?:\d{1,2}(?:\.\d{1,6})?(?:"|″|”|''))?[ ]?([NS])[, ]{1,3}\d{1,3}°[ ]?\d{1,2}['′’][ ]?(?:\d{1,2}(?:\.\d{1,6})?(?:"|″|”|''))?[ ]?[EWO]/y

const matchAt = (form: RegExp, text: string, at: number): RegExpExecArray | null => {
  form.lastIndex = at
  return form.exec(text)
}

/** Pairs of coordinates in degrees with at least four decimals (11 m), or in degrees, minutes and seconds. */
export const geo: Detector = {
  kinds: ['geo'],
  find(scan, emit) {
    const { text, starts, ends, digitWords, column } = scan
    const named = column.has('geo')
    let done = 0
    for (const word of digitWords) {
      let start = starts[word]!
      if (start < done || ends[word]! - start > 3) continue
      if (text[ends[word]!] === '°') {
        const found = matchAt(sexagesimal, text, start)
        if (!found) continue
        done = start + found[0].length
        emit({ kind: 'geo', start, end: done, score: 0.95, rule: 'degrees', evidence: ['form'] })
        continue
      }
      if (text[ends[word]!] !== '.') continue
      if (/[+-]/.test(text[start - 1] ?? ' ')) start--
      if (/[\w.,@$€£-]/.test(text[start - 1] ?? ' ') && text[start - 1] !== '@') continue
      const latitude = matchAt(decimal, text, start)
      if (!latitude) continue
      const single = start + latitude[0].length
      const gap = matchAt(between, text, single)
      const longitude = gap && matchAt(decimal, text, single + gap[0].length)
      const places = (value: string) => value.length - value.indexOf('.') - 1
      if (!longitude) {
        if (named && text.trim() === latitude[0] && Math.abs(Number(latitude[0])) <= 180)
          emit({
            kind: 'geo',
            start,
            end: single,
            score: 0.8,
            rule: 'decimal-degrees',
            evidence: ['form', 'column name'],
          })
        continue
      }
      const end = single + gap[0].length + longitude[0].length
      if (
        /^(?:\w|[.,]\d|%)/.test(text.slice(end, end + 2)) ||
        /^[ ]?[,;/ ][ ]?[+-]?\d+\.\d/.test(text.slice(end, end + 12))
      )
        continue
      if (Math.abs(Number(latitude[0])) > 90 || Math.abs(Number(longitude[0])) > 180) continue
      const near = nearest(scan, start, end, words)
      const precise = Math.min(places(latitude[0]), places(longitude[0])) >= 4
      if (!precise && !near && !named) continue
      done = end
      emit({
        kind: 'geo',
        start,
        end,
        score: clamp(near || named ? 0.92 : 0.6),
        rule: 'decimal-degrees',
        evidence: ['form', 'range', ...(near ? [`context: "${near.phrase}"`] : []), ...(named ? ['column name'] : [])],
      })
    }
  },
}
