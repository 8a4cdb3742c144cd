import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/**
 * A folder for the tests of one file, made when a name in it is first asked for and removed after the tests; returns the
 * path of a name in it. For the top of a test file, or of a helper that test files import.
 */
export const scratch = (): ((name: string) => string) => {
  let folder: string | undefined
  afterAll(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  })
  return (name) => {
    folder ??= mkdtempSync(join(tmpdir(), 'bartizan-test-'))
    return join(folder, name)
  }
}

/** As `scratch`, for tests that need several folders: each call makes a new one. */
export const scratchFolders = (): (() => string) => {
  const at = scratch()
  let made = 0
  return () => {
    const folder = at(String(made++))
    mkdirSync(folder)
    return folder
  }
}
