import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { scratchFolders } from '../base/testing.ts'

const newFolder = scratchFolders()

it('a session leaves no files of the runtime behind, in the temporary folder or in the home', () => {
  const [home, temporary] = [newFolder(), newFolder()]
  const session = fileURLToPath(new URL('session.ts', import.meta.url))
  const builder = fileURLToPath(new URL('builder.ts', import.meta.url))
  const script = `
    const { graphBuilder } = await import(${JSON.stringify(builder)})
    const { createSession, modelOf } = await import(${JSON.stringify(session)})
    const g = graphBuilder()
    g.output('y', g.neg(g.input('x', 'float32', [1])))
    const opened = await createSession(modelOf(g.build()))
    await opened.run({ x: { dtype: 'float32', dims: [1], data: Float32Array.of(1) } })
  `
  execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: { ...process.env, HOME: home, TMPDIR: temporary, XDG_CACHE_HOME: home, ORT_DISABLE_TELEMETRY: '' },
  })
  expect(readdirSync(home)).toEqual([])
  expect(readdirSync(temporary).filter((name) => !name.startsWith('tsx-'))).toEqual([])
})
