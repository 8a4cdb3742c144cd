import type { Random } from '../../base/random.ts'
import { defineScreen, type ScreenContext } from '../../threat/screen.ts'
import { beyond, discriminant } from '../linear/discriminant.ts'
import { silhouette, type TwoMeans, twoMeans } from '../linear/k-means.ts'
import { coordinates, type Principal, principal, type Rows } from '../linear/principal.ts'
import { groupScreen } from './class-tests/group-screen.ts'

interface Clusters extends TwoMeans {
  readonly space: Principal
  /** The rows in the space that they were clustered in, [rows, dims]. */
  readonly points: Float64Array
  readonly dims: number
}

/** The features of some rows, in their first principal components, as two clusters. */
export const clusterRows = (rows: Rows, dims: number, random: Random): Clusters => {
  const space = principal(rows, Math.min(dims, rows.width))
  const points = coordinates(rows, space)
  const kept = space.singularValues.length
  return { ...twoMeans(points, kept, random), space, points, dims: kept }
}

/** Exact mean silhouette of two clusters: the figure that Chen et al. report. */
export const silhouetteOf = (clusters: Clusters): number => silhouette(clusters.points, clusters.dims, clusters)

/** The smaller cluster without the rows that the line puts on the other side: the line may drift, and clusters cut askew. */
const agreed = ({ cluster, sizes }: TwoMeans, line: Uint8Array): Uint8Array => {
  const smaller = sizes[1] <= sizes[0] ? 1 : 0
  return cluster.map((own, i) => (own === smaller && line[i] === smaller ? smaller : 1 - smaller))
}

const run = (context: ScreenContext, dims: number) => {
  const parted = (rows: Rows, key: string) => {
    const clusters = clusterRows(rows, dims, context.random('k-means', key))
    const line = discriminant(clusters.points, clusters.dims, clusters, context.random('line', key))
    return { clusters, line }
  }
  return groupScreen(context, {
    statistic: 'the line between two clusters',
    project(learned, measured, key) {
      const { clusters, line } = parted(learned, key)
      return beyond(coordinates(measured, clusters.space), clusters.dims, line)
    },
    split(rows, key) {
      const { clusters, line } = parted(rows, key)
      const along = beyond(clusters.points, clusters.dims, line)
      return {
        group: agreed(clusters, line.group),
        score: (stranger) => (stranger === 1 ? along : along.map((value) => -value)),
      }
    },
  })
}

/**
 * Activation clustering (Chen et al. 2018, arXiv:1811.03728): the features of each class in two clusters. Where the paper
 * and its implementations always call one of them poisoned, or go by size and silhouette, both of which clean classes
 * reach, here the class itself says whether it has two clusters at all. The clusters are parted by Fisher's line between them.
 */
export const activationClustering = defineScreen({
  id: 'activation-clustering',
  title: 'Classes that fall into two clusters in feature space',
  reference: 'Chen et al. 2018, arXiv:1811.03728; dip test: Hartigan and Hartigan 1985',
  needs: ['labels', 'features'],
  parameters: {
    dims: { kind: 'integer', default: 10, min: 1, help: 'principal components that are clustered in' },
  },
  run: async (context, { dims }) => run(context, dims),
})
