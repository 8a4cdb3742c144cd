export { fitTemperature } from './fit.ts'
export { type TemperatureScaled, temperatureScaling } from './temperature-scaling.ts'
export { temperatureKey, withTemperature } from './with-temperature.ts'
