// The floors: a room may import from lower floors only; siblings of the capability floor never import one another.
const floors = [
  { name: 'base', rooms: ['base', 'contract'] },
  { name: 'ground', rooms: ['onnx', 'stats', 'store', 'bus'] },
  { name: 'subject', rooms: ['models', 'data', 'evidence'] },
  { name: 'machinery', rooms: ['threat', 'training'] },
  { name: 'capability', rooms: ['attacks', 'defenses', 'privacy', 'screening', 'federated', 'monitoring'] },
  { name: 'decision', rooms: ['assessment', 'governance', 'response'] },
  { name: 'surface', rooms: ['cli', 'server', 'guard'] },
]
const path = (rooms) => `^src/(${rooms.join('|')})/`
const upward = floors.slice(0, -1).map((floor, level) => ({
  name: `${floor.name}-imports-upward`,
  severity: 'error',
  comment: `The ${floor.name} floor stands below and must not know what is built on it.`,
  from: { path: path(floor.rooms) },
  to: { path: path(floors.slice(level + 1).flatMap((above) => above.rooms)) },
}))
module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'siblings',
      severity: 'error',
      comment: 'Capabilities meet in assessment/, so that each can be used, tested and removed alone.',
      from: { path: path(floors[4].rooms) },
      to: { path: path(floors[4].rooms), pathNot: '^src/$1/' },
    },
    { name: 'cycles', severity: 'error', comment: 'A cycle has no floor.', from: {}, to: { circular: true } },
    { name: 'unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
