import { codeOf, type Finding, importsOf, isScript, isTest, lineAt, type SourceFile } from './source.ts'

/** Folders whose files may use a module that is closed to all others, with the reason. */
export type Permit = Readonly<{ module: string; under: string; why: string }>

/** Who may start processes or open the database. A path that ends in `/` permits the folder. */
export const permits: readonly Permit[] = [
  {
    module: 'node:sqlite',
    under: 'src/store/',
    why: 'one place knows the database, so that it can be another one',
  },
  {
    module: 'node:child_process',
    under: 'src/remote/',
    why: 'ssh and the local shell are reached from here',
  },
  {
    module: 'node:child_process',
    under: 'src/config/reading/read.ts',
    why: 'tandem.ts is evaluated in a process of its own',
  },
  {
    module: 'node:child_process',
    under: 'src/deploy/build/build.ts',
    why: 'a release is built on this machine',
  },
  { module: 'node:child_process', under: 'src/vcs/git.ts', why: 'every git is started here' },
  {
    module: 'node:child_process',
    under: 'src/vcs/doors/http-door.ts',
    why: 'but the one that speaks HTTP, which needs a group of its own',
  },
  {
    module: 'node:child_process',
    under: 'src/vcs/forges/small-forge.ts',
    why: 'the git of a forge for tests is not ours',
  },
  {
    module: 'node:child_process',
    under: 'src/infra/host/try-shells.ts',
    why: 'tests run the programs in every shell that hosts may have',
  },
  {
    module: 'node:child_process',
    under: 'src/cli/secret/edit.ts',
    why: 'a person alters secrets in the editor that they name',
  },
  {
    module: 'node:child_process',
    under: 'src/ci/supervisor/',
    why: 'jobs run on this machine, each under a supervisor of its own',
  },
  {
    module: 'node:child_process',
    under: 'src/ci/tar.ts',
    why: 'the tar of the system packs tens of thousands of files in a second',
  },
  { module: 'node:child_process', under: 'tools/', why: 'tools run other tools' },
]

const closed = new Set(['node:sqlite', 'node:child_process', 'sqlite', 'child_process'])
const governed = ['src/', 'sdk/', 'tools/']

/** Imports of closed modules by files without a permit. Tests, lab, e2e and bench are free: they exist to start things. */
export function unpermittedModules(
  files: readonly SourceFile[],
  given: readonly Permit[],
): readonly Finding[] {
  return files
    .filter(({ path }) => isScript(path) && !isTest(path) && governed.some((root) => path.startsWith(root)))
    .flatMap((file) =>
      importsOf(file)
        .filter(({ specifier, kind }) => closed.has(specifier) && kind !== 'type')
        .filter(({ specifier }) => !permitted(file.path, specifier, given))
        .map(({ specifier, line }) => ({
          path: file.path,
          line,
          says: `${specifier} is closed to this file; go through who holds it, or add a permit with its reason to tools/tidy/processes.ts`,
        })),
    )
}

function permitted(path: string, module: string, given: readonly Permit[]): boolean {
  return given.some(
    (permit) =>
      permit.module === module &&
      (permit.under.endsWith('/') ? path.startsWith(permit.under) : path === permit.under),
  )
}

/** The one file where strings become shell. */
const quotingFile = 'src/remote/quote.ts'

const useArgv = 'pass argv as an array, or quote in src/remote/quote.ts'

/** Shell built from strings, as far as it can be seen cheaply. */
export function handmadeShell(files: readonly SourceFile[]): readonly Finding[] {
  return files.filter(({ path }) => isScript(path) && path !== quotingFile).flatMap((file) => shellIn(file))
}

function shellIn(file: SourceFile): readonly Finding[] {
  const code = codeOf(file.text)
  const find = (pattern: RegExp, says: string) =>
    [...code.matchAll(pattern)].map(({ index }) => ({
      path: file.path,
      line: lineAt(file.text, index),
      says,
    }))
  const spawning = importsOf(file).filter(({ specifier }) => /^(node:)?child_process$/.test(specifier))
  const imports = spawning
    .flatMap(({ names, line }) => names.map((name) => ({ name, line })))
    .filter(({ name }) => name === 'exec' || name === 'execSync')
    .map(({ name, line }) => ({
      path: file.path,
      line,
      says: `${name} hands a string to a shell; ${useArgv}`,
    }))
  return [
    ...imports,
    // Elsewhere it is the shell of a user.
    ...(spawning.length === 0
      ? []
      : find(/\bshell:\s*(true|['"`])/g, `\`shell\` hands a string to a shell; ${useArgv}`)),
    ...find(/\bexecSync\(/g, `execSync hands a string to a shell; ${useArgv}`),
    ...splicedScripts(file, code),
  ]
}

/** `['-c', `… ${value} …`]`: a value spliced into a script. */
function splicedScripts(file: SourceFile, code: string): readonly Finding[] {
  return [...code.matchAll(/['"] {2}['"],\s*`[^`]*\$\{/g)]
    .filter(({ index }) => /^['"]-c['"]/.test(file.text.slice(index, index + 4)))
    .map(({ index }) => ({
      path: file.path,
      line: lineAt(file.text, index),
      says: `a value is spliced into a script after -c; pass it as an argument of the script or ${useArgv}`,
    }))
}
