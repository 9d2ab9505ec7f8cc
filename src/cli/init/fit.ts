/** How a project seems to be built and run. */
export type Fit = Readonly<{
  /** What it was taken for: `a Node.js app`. */
  kind: string
  /** A name for it, not yet one that Tandem accepts; `null`: that of the folder. */
  name: string | null
  build: Readonly<{ run: string; output: string | null }> | null
  /** Commands by name; `web` listens on `PORT`. Empty: nothing was found that runs. */
  run: Readonly<Record<string, string>>
  /** `null`: nothing listens. */
  port: number | null
  /** The port is fixed in the program, which does not look at `PORT`. */
  isPortFixed: boolean
  health: string | null
  env: Readonly<Record<string, string>>
  /** What runs the commands, to be looked up on this machine: `node`, `python3`. */
  runtime: 'node' | 'python3' | null
  /** Lines for the configuration that people may want, and that are only theirs to decide. */
  hints: readonly string[]
}>

export const unfitted: Fit = {
  kind: 'a project of a kind that tandem does not know',
  name: null,
  build: null,
  run: {},
  port: null,
  isPortFixed: false,
  health: null,
  env: {},
  runtime: null,
  hints: [],
}
