/** What a run tells whoever watches it. */
export interface Progress {
  /** A step began; `detail` says with what. */
  start(step: string): void
  /** Share of the current step that is done; `detail` says where it stands. */
  update(done: number, detail?: string): void
  /** The current step ended, with its result in a few words. */
  end(result: string): void
}
