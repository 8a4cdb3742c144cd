import type { YamlPath } from '../../base/yaml/yaml-source.ts'
import type { Locator } from '../report/locator.ts'
import { type LoadedConfig, reportedPath } from './load-config.ts'

/** Where in bartizan.yaml the gates and the norms stand. `root`: absolute folder that the URI starts from, the repository's. */
export const configLocator = ({ config, path, source }: LoadedConfig, root: string): Locator => {
  const listed = (list: YamlPath, index: number): YamlPath => (index === -1 ? list : [...list, index])
  const norms = config.threat.norms ?? []
  return {
    uri: reportedPath(root, path),
    gate: (id) =>
      source.positionOf(
        listed(
          ['gates'],
          config.gates.findIndex((gate) => gate.id === id),
        ),
      ),
    threat: (norm) =>
      source.positionOf(
        listed(
          ['threat', 'norms'],
          norms.findIndex((declared) => declared.norm === norm),
        ),
      ),
  }
}
