import { sh, shLine } from '../../src/remote/quote.ts'
import { sha256Of } from '../lib/tree.ts'
import { filled, type Wish } from '../wishes/wish.ts'

/**
 * The least that finds out whether a host has all of its wishes: a program as a good hand writes it for this very host,
 * with each question asked once for everything. It prints `same`, or `other` and what.
 */
export function checkText(wishes: readonly Wish[]): string {
  const lines = [
    'LC_ALL=C; export LC_ALL; other=',
    ...statLines(wishes),
    ...sumLines(wishes),
    ...userLines(wishes),
    ...serviceLines(wishes),
    'echo "${other:-same}"',
  ]
  return `${lines.join('\n')}\n`
}

function statLines(wishes: readonly Wish[]): readonly string[] {
  const looks = wishes.flatMap((wish) => {
    const seen = statOf(wish)
    return seen === null ? [] : [seen]
  })
  if (looks.length === 0) return []
  const argv = ['stat', '-c', '%n %F %a %U %G', '--', ...looks.map(({ path }) => path)]
  const want = looks.map(({ path, says }) => `${path} ${says}`).join('\n')
  return [`[ "$(${shLine(argv)} 2>&1)" = ${sh(want)} ] || other="$other paths"`]
}

function statOf(wish: Wish): Readonly<{ path: string; says: string }> | null {
  switch (wish.sort) {
    case 'directory':
      return { path: wish.path, says: `directory ${accessSaid(wish, 0o755)}` }
    case 'file':
    case 'template':
      return { path: wish.path, says: `regular file ${accessSaid(wish, 0o644)}` }
    case 'link':
      return { path: wish.path, says: 'symbolic link 777 root root' }
    case 'line':
    case 'block':
    case 'absent':
    case 'user':
    case 'cron':
    case 'service':
      return null
  }
}

function accessSaid(
  { mode, owner, group }: Extract<Wish, { sort: 'directory' | 'file' | 'template' }>,
  usual: number,
): string {
  return `${(mode ?? usual).toString(8)} ${owner ?? 'root'} ${group ?? 'root'}`
}

function sumLines(wishes: readonly Wish[]): readonly string[] {
  const sums = wishes.flatMap((wish) => {
    const text = textOf(wish)
    return text === null ? [] : [`${sha256Of(text.bytes)}  ${text.path}`]
  })
  return sums.length === 0 ? [] : ['sha256sum -c --status <<EOF || other="$other bytes"', ...sums, 'EOF']
}

function textOf(wish: Wish): Readonly<{ path: string; bytes: string }> | null {
  switch (wish.sort) {
    case 'file':
      return { path: wish.path, bytes: wish.text }
    case 'template':
      return { path: wish.path, bytes: filled(wish.text, wish.vars) }
    case 'cron':
    case 'directory':
    case 'link':
    case 'line':
    case 'block':
    case 'absent':
    case 'user':
    case 'service':
      return null
  }
}

// What tells one line of cron is that it is there: each tool writes its own comment above it.
function userLines(wishes: readonly Wish[]): readonly string[] {
  const names = wishes.flatMap((wish) => (wish.sort === 'user' ? [wish.name] : []))
  const users =
    names.length === 0 ? [] : [`${shLine(['getent', 'passwd', ...names])} >/dev/null || other="$other users"`]
  const crons = wishes.flatMap((wish) =>
    wish.sort === 'cron'
      ? [`${shLine(['grep', '-q', wish.command, `/etc/cron.d/${wish.name}`])} || other="$other cron"`]
      : [],
  )
  return [...users, ...crons]
}

function serviceLines(wishes: readonly Wish[]): readonly string[] {
  const units = wishes.flatMap((wish) => (wish.sort === 'service' ? [`${wish.name}.service`] : []))
  if (units.length === 0) return []
  const argv = ['systemctl', 'show', '--value', '-p', 'ActiveState', '-p', 'UnitFileState', ...units]
  const want = units.map(() => 'active\nenabled').join('\n\n')
  return [`[ "$(${shLine(argv)})" = ${sh(want)} ] || other="$other services"`]
}
