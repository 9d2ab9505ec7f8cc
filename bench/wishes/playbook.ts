import { type Access, beginMark, endMark, octal, type Wish } from './wish.ts'

type Module = Readonly<{
  name: string
  args: Readonly<Record<string, unknown>>
  /** What a template is filled with. */
  vars?: Readonly<Record<string, string>>
}>
export type Task = Readonly<Record<string, unknown>>

/**
 * Wishes as tasks of Ansible, as its manual would have them: those of one module that follow each other are one task with
 * a loop. Their order stays; one that fails is told and the others go on.
 */
export function tasksOf(wishes: readonly Wish[]): readonly Task[] {
  const runs: Module[][] = []
  for (const module of wishes.map(moduleOf)) {
    const last = runs.at(-1)
    if (last?.[0]?.name === module.name && sameKeys(last[0], module)) last.push(module)
    else runs.push([module])
  }
  return runs.map((run) => taskOf(run))
}

const keysOf = ({ args }: Module): string => Object.keys(args).toSorted().join(' ')
const sameKeys = (one: Module, other: Module): boolean => keysOf(one) === keysOf(other)

function taskOf(run: readonly Module[]): Task {
  const [first] = run
  if (first === undefined) throw new Error('a task is made of at least one wish')
  const args = Object.fromEntries(Object.keys(first.args).map((key) => [key, `{{ item['${key}'] }}`]))
  const items = run.map(({ args: own, vars }) => ({ ...own, ...(vars === undefined ? {} : { vars }) }))
  // Jinja would read what is meant as a text.
  if (/\{[{%#]/.test(JSON.stringify(items))) throw new Error('a text for Ansible has {{, {% or {# in it')
  return { [first.name]: args, loop: items, loop_control: { label: '' }, ignore_errors: true }
}

function moduleOf(wish: Wish): Module {
  switch (wish.sort) {
    case 'directory':
      return { name: 'file', args: { path: wish.path, state: 'directory', ...accessOf(wish) } }
    case 'file':
      return { name: 'copy', args: { dest: wish.path, content: wish.text, ...accessOf(wish) } }
    case 'template':
      return {
        name: 'template',
        args: { dest: wish.path, src: templateName(wish), ...accessOf(wish) },
        vars: wish.vars,
      }
    case 'link':
      return {
        name: 'file',
        args: { path: wish.path, src: wish.to, state: 'link', force: true, follow: false },
      }
    case 'line': {
      const regexp = wish.replaces === null ? {} : { regexp: `^${wish.replaces}` }
      return { name: 'lineinfile', args: { path: wish.path, line: wish.line, ...regexp } }
    }
    case 'block': {
      const marks = {
        marker: '{mark}',
        marker_begin: beginMark(wish.marker),
        marker_end: endMark(wish.marker),
      }
      return { name: 'blockinfile', args: { path: wish.path, block: wish.text, ...marks } }
    }
    case 'absent':
      return { name: 'file', args: { path: wish.path, state: 'absent' } }
    case 'user':
      return { name: 'user', args: { name: wish.name, home: wish.home, shell: wish.loginShell } }
    case 'cron':
      return {
        name: 'cron',
        args: {
          name: wish.name,
          cron_file: wish.name,
          user: 'root',
          minute: '0',
          hour: String(wish.hour),
          job: wish.command,
        },
      }
    case 'service':
      return { name: 'systemd', args: { name: wish.name, state: 'started', enabled: true } }
  }
}

/** Templates are files on the machine that Ansible runs on: name to text. */
export function templatesOf(wishes: readonly Wish[]): ReadonlyMap<string, string> {
  return new Map(
    wishes.flatMap((wish) =>
      wish.sort === 'template'
        ? [
            [
              templateName(wish),
              wish.text.replaceAll(/\{\{ (\w+) \}\}/g, "{{ item['vars']['$1'] }}"),
            ] as const,
          ]
        : [],
    ),
  )
}

const templateName = ({ path }: Readonly<{ path: string }>): string =>
  `${path.slice(1).replaceAll('/', '-')}.j2`

function accessOf({ mode, owner, group }: Access): Readonly<Record<string, string>> {
  return {
    ...(mode === null ? {} : { mode: octal(mode) }),
    ...(owner === null ? {} : { owner }),
    ...(group === null ? {} : { group }),
  }
}
