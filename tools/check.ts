import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Children } from './child.ts'
import { strayPackages } from './packages.ts'

export type Check = Readonly<{ name: string; argv: readonly string[] }>
export type Checked = Readonly<{ name: string; ok: boolean; says: string; ms: number }>

const limitMs = 5 * 60_000

/** What is checked without running the program. */
function checksOf(root: string): readonly Check[] {
  // What was right and has not changed since is not looked at again; `build/` is git-ignored.
  const remembered = ['--incremental', '--tsBuildInfoFile']
  const web = {
    name: 'types of the dashboard',
    argv: ['tsc', '-p', 'src/web', ...remembered, 'build/web.tsbuildinfo'],
  }
  return [
    { name: 'types', argv: ['tsc', '-p', '.', ...remembered, 'build/types.tsbuildinfo'] },
    ...(existsSync(join(root, 'src/web/tsconfig.json')) ? [web] : []),
    // A tsconfig it cannot read is only a warning to it, and switches off every rule that knows types.
    { name: 'lint', argv: ['oxlint', '--type-aware', '--deny-warnings'] },
    { name: 'format', argv: ['oxfmt', '--check', '.'] },
    { name: 'house rules', argv: [process.execPath, join(import.meta.dirname, 'tidy.ts')] },
  ]
}

/** Checks a checkout. Where its packages are others than it asks for, only that is said: the rest would be noise. */
export async function check(root: string, children: Children): Promise<readonly Checked[]> {
  const says = strayPackages(root)
  if (says !== null) return [{ name: 'packages', ok: false, says, ms: 0 }]
  return runChecks(checksOf(root), root, children)
}

/** Runs all checks at once. A check fails by its exit code, or by taking longer than five minutes, as only one that hangs does. */
function runChecks(checks: readonly Check[], root: string, children: Children): Promise<Checked[]> {
  return Promise.all(
    checks.map(async ({ name, argv }) => {
      const began = performance.now()
      const { code, overdue, text } = await children.run({ argv, cwd: root, limitMs, output: 'keep' })
      const late = overdue ? `\nnot done after ${limitMs / 1000} s` : ''
      const ok = code === 0 && !overdue
      return { name, ok, says: `${text.trim()}${late}`, ms: performance.now() - began }
    }),
  )
}

/** One line each, and under those that failed what the tool said. */
export function reportChecks(checked: readonly Checked[]): string {
  return checked
    .map(({ name, ok, says, ms }) => {
      const verdict = `${ok ? '✔' : '✖'} ${name} (${(ms / 1000).toFixed(1)} s)`
      return ok ? verdict : `${verdict}\n${says.replaceAll(/^/gm, '    ')}`
    })
    .join('\n')
}

if (import.meta.main) {
  const root = process.cwd()
  const checked = await check(root, new Children())
  console.log(reportChecks(checked))
  process.exitCode = checked.every(({ ok }) => ok) ? 0 : 1
}
