import type { ScreenedTable } from './open-table.ts'

/** The rows of an answer of any size, in pieces. One stream a table at a time. */
export async function* streamed(
  { engine }: Pick<ScreenedTable, 'engine'>,
  sql: string,
): AsyncGenerator<readonly (readonly unknown[])[]> {
  const result = await engine.guard(() => engine.stream.stream(sql))
  for (;;) {
    const chunk = await engine.guard(() => result.fetchChunk())
    if (chunk === null || chunk.rowCount === 0) return
    yield chunk.getRows()
  }
}
