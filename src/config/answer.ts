/** What the child process is asked, and what it answers. */

export type Question = Readonly<{
  /** The folder with `tandem.ts`, symbolic links resolved. */
  dir: string
  /** The module that `import 'tandem'` finds. */
  define: string
}>

export type Answer = Readonly<{
  result: Result
  /** Places where something stood that JSON cannot carry, and what it was. */
  strange: readonly Readonly<{ path: readonly (string | number)[]; found: string }>[]
  sources: readonly Source[]
}>

/** A module of the project that was loaded: absolute path, and its text with the types blanked out. */
export type Source = Readonly<{ file: string; source: string }>

export type Result = Readonly<
  { type: 'value'; value: unknown } | { type: 'no default export' } | { type: 'thrown'; thrown: Thrown }
>

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
