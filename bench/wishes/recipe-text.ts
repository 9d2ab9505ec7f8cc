import { type Access, octal, type Wish } from './wish.ts'

/** Wishes as calls in a recipe of `tandem.ts`, one per line, in their order. */
export function recipeText(wishes: readonly Wish[]): string {
  return wishes.map((wish) => `  ${callOf(wish)},\n`).join('')
}

function callOf(wish: Wish): string {
  switch (wish.sort) {
    case 'directory':
      return call('directory', wish.path, accessOf(wish))
    case 'file':
      return call('file', wish.path, { content: wish.text, ...accessOf(wish) })
    case 'template':
      return call('template', wish.path, { text: wish.text, vars: wish.vars, ...accessOf(wish) })
    case 'link':
      return call('link', wish.path, { to: wish.to })
    case 'line': {
      const more = wish.replaces === null ? {} : { replaces: `^${wish.replaces}` }
      return call('line', wish.path, { line: wish.line, ...more })
    }
    case 'block':
      return call('block', wish.path, { marker: wish.marker, content: wish.text })
    case 'absent':
      return wish.all
        ? call('directory', wish.path, { absent: true, all: true })
        : call('file', wish.path, { absent: true })
    case 'user':
      return call('user', wish.name, { home: wish.home, shell: wish.loginShell })
    case 'cron':
      return call('cron', wish.name, {
        user: 'root',
        schedule: `0 ${wish.hour} * * *`,
        command: wish.command,
      })
    case 'service':
      return call('service', wish.name, { running: true, enabled: true })
  }
}

function accessOf({ mode, owner, group }: Access): Readonly<Record<string, string>> {
  return {
    ...(mode === null ? {} : { mode: octal(mode) }),
    ...(owner === null ? {} : { owner }),
    ...(group === null ? {} : { group }),
  }
}

/** JSON is TypeScript. */
function call(word: string, name: string, options: Readonly<Record<string, unknown>>): string {
  return `${word}(${JSON.stringify(name)}, ${JSON.stringify(options)})`
}
