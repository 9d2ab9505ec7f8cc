import type { Place } from './locate.ts'
import type { Said } from './said.ts'

/** What the child process is asked, and what it answers. */

export type Question = Readonly<{
  /** The folder with `tandem.ts`, symbolic links resolved. */
  dir: string
  modules: SandboxModules
  /** What stands for a recipe in the plain configuration. */
  recipeMark: string
  /** For `recipes`, the hosts come in by standard input, as JSON: they may be more than a command line holds. */
  asks: 'config' | 'recipes'
}>

/** The texts of the modules that only exist in the child: what `import 'tandem'` finds, and what is behind it. */
export type SandboxModules = Readonly<{ tandem: string; words: string }>

export type Answer = Readonly<{
  result: Result
  /** Places where something stood that JSON cannot carry, and what it was. */
  strange: readonly Strange[]
  sources: readonly Source[]
  /** Other files and folders of the project that were looked at: absolute paths. */
  reads: readonly string[]
}>

export type Strange = Readonly<{ path: readonly (string | number)[]; found: string }>

/** A module of the project that was loaded: absolute path, and its text with the types blanked out. */
export type Source = Readonly<{ file: string; source: string }>

export type Result = Readonly<
  | { type: 'value'; value: unknown }
  | { type: 'no default export' }
  | { type: 'thrown'; thrown: Thrown }
  /** Only when hosts were named. */
  | { type: 'said'; said: Readonly<Record<string, readonly Said[]>>; slips: readonly Slip[] }
>

/** What is wrong with what a recipe did, before anything of what it said is looked at. */
export type Slip = Readonly<
  | { type: 'thrown'; host: string; role: string; thrown: Thrown }
  /** Something came back that is no resource. */
  | { type: 'no resource'; host: string; role: string; found: string }
  | { type: 'not returned'; host: string; resource: string; at: Place }
  | { type: 'strange'; host: string; resource: string; at: Place; strange: Strange }
>

/**
 * Before it runs recipes, the child says what it has loaded, and then whose recipe it begins with: should it never come
 * to an end, that is all there will be. Each is a line; the answer is the last one.
 */
export type Progress = Readonly<{ sources: readonly Source[] } | { host: string; role: string }>

export type Thrown = Readonly<{
  message: string
  stack: string
  code: string
  /** What was refused: `FileSystemRead`, `Import`, `Call` …, and of what. */
  permission: string
  resource: string
  /** The import that failed, if one did, and the module that wanted it. */
  specifier: string
  importer: string
  /** The type stripper or the parser did not understand the module loaded last. */
  isSyntax: boolean
}>
