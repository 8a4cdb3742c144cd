import { member, nested } from './answer-json.ts'
import type { MakeProtocol } from './protocol.ts'

/** MLflow's scoring server, `/invocations`: https://mlflow.org/docs/latest/genai/serving (dataframe_split, inputs). */
export const mlflow: MakeProtocol = (config, url, tableColumns) => ({
  url,
  place: '/predictions',
  readMetadata: () => ({}),
  body: ({ values, rows, dims }) => {
    const all = nested(values, [rows, ...dims])
    const layout = config.layout ?? (dims.length === 1 && config.input === undefined ? 'dataframe' : 'inputs')
    if (layout !== 'dataframe') return { inputs: config.input === undefined ? all : { [config.input]: all } }
    const columns = config.columns ?? tableColumns
    return { dataframe_split: { ...(columns && { columns }), data: all } }
  },
  items: (answer) => {
    // MLflow 1 answers with the bare list.
    const found = Array.isArray(answer) ? answer : member(answer, 'predictions')
    const { output } = config
    const list = output !== undefined && !Array.isArray(found) ? member(found, output) : found
    if (!Array.isArray(list)) return undefined
    return output === undefined ? list : list.map((item: unknown) => member(item, output) ?? item)
  },
})
