import type { Random } from '../../lab/random.ts'
import { type Access, beginMark, endMark, usualAccess, type Wish } from '../wishes/wish.ts'

/** What lay on a host before anybody wished for anything. */
export type Old = Readonly<
  | { type: 'file'; path: string; text: string; mode: number; owner: string }
  | { type: 'directory'; path: string; mode: number; owner: string }
  | { type: 'link'; path: string; to: string }
>

/** One case: a folder of its own, what lies in it, and what is wished for, in an order in which it can be done. */
export type Case = Readonly<{
  name: string
  root: string
  old: readonly Old[]
  wishes: readonly Wish[]
  /** False where Ansible has no word for it, or another meaning. */
  hasPeer: boolean
}>

type Part = Readonly<{ old: readonly Old[]; wishes: readonly Wish[]; hasPeer?: boolean }>
type Make = (random: Random, folder: string, name: string) => Part

export function drawCase(random: Random, nth: number): Case {
  const name = `case-${nth}`
  const root = `/srv/${name}`
  const parts = Array.from({ length: random.between(1, 4) }, (_, index) => {
    const folder = `${root}/part-${index + 1}`
    const part = random.pick(makers)(random, folder, `u${nth}x${index + 1}`)
    return { ...part, folder }
  })
  const old = parts.flatMap((part) => part.old)
  const laid = parts.filter((part) => part.old.length > 0).map(({ folder }) => folder)
  const there = old.length === 0 ? [] : [root, ...laid]
  const missing = [root, ...parts.map(({ folder }) => folder)].filter((path) => !there.includes(path))
  const wishes = parts.flatMap((part) => part.wishes)
  return {
    name,
    root,
    old: [...there.map(oldFolder), ...old],
    wishes: [...missing.map((path): Wish => ({ sort: 'directory', path, ...usualAccess })), ...wishes],
    hasPeer:
      parts.every(({ hasPeer }) => hasPeer !== false) &&
      wishes.every((wish) => hasWord(wish, [...old, ...wishes])),
  }
}

/**
 * Ansible reads a dollar in a path as a variable of its environment, takes setuid from a file whose bytes it alters when
 * nobody says a mode, and leaves what it makes in a setgid folder to that folder.
 */
function hasWord(wish: Wish, all: readonly (Old | Wish)[]): boolean {
  if (!('path' in wish)) return true
  const { path } = wish
  const special = all.filter((one) => 'path' in one && 'mode' in one && ((one.mode ?? 0) & 0o6000) !== 0)
  const isNear = special.some(
    (one) => 'path' in one && (one.path === path || path.startsWith(`${one.path}/`)),
  )
  const saysAll = 'mode' in wish && wish.mode !== null && wish.group !== null
  return !path.includes('$') && (wish.sort === 'absent' || !isNear || saysAll)
}

const owners = ['root', 'deploy', 'typist']
const fileModes = [0o600, 0o640, 0o644, 0o664, 0o755, 0o4755]
const folderModes = [0o700, 0o750, 0o755, 0o1777, 0o2775]
const fileNames = [
  'plain',
  'two words',
  "it's",
  '"quoted"',
  '$HOME',
  'back\\slash',
  'ünï-ćode',
  '-rf',
  '*',
  'a;b&c',
]
const texts = [
  '',
  'one line\n',
  'no last newline',
  'with\r\ncarriage returns\r\n',
  '  spaces before and after  \n\n\n',
  'quotes \' " ` and $(touch /srv/harm) $HOME \\n \\\n',
  'ünïcode \u{1F600} \u0001\u001b[31m\n',
  'x'.repeat(70_000),
  'line\n'.repeat(300),
]

const textOf = (random: Random): string => random.pick(texts)

function accessOf(random: Random, modes: readonly number[]): Access {
  const owner = random.next() < 0.3 ? random.pick(owners) : null
  return { mode: random.next() < 0.6 ? random.pick(modes) : null, owner, group: owner }
}

const oldFolder = (path: string): Old => ({ type: 'directory', path, mode: 0o755, owner: 'root' })

function oldFile(random: Random, path: string, text: string): Old {
  return { type: 'file', path, text, mode: random.pick(fileModes), owner: random.pick(owners) }
}

/** Folders in each other, each made by a wish, with a file at the end. */
const chain: Make = (random, folder) => {
  const paths = ['a', 'a/b', 'a/b/c'].slice(0, random.between(1, 3)).map((name) => `${folder}/${name}`)
  const wishes = paths.map((path): Wish => ({ sort: 'directory', path, ...accessOf(random, folderModes) }))
  const last = `${paths.at(-1)}/${random.pick(fileNames)}`
  return {
    old: [],
    wishes: [...wishes, { sort: 'file', path: last, text: textOf(random), ...accessOf(random, fileModes) }],
  }
}

const newFile: Make = (random, folder) => ({
  old: [],
  wishes: [
    {
      sort: 'file',
      path: `${folder}/${random.pick(fileNames)}`,
      text: textOf(random),
      ...accessOf(random, fileModes),
    },
  ],
})

const fileOverFile: Make = (random, folder) => {
  const path = `${folder}/${random.pick(fileNames)}`
  const text = textOf(random)
  const before = random.next() < 0.4 ? text : textOf(random)
  return {
    old: [oldFile(random, path, before)],
    wishes: [{ sort: 'file', path, text, ...accessOf(random, fileModes) }],
  }
}

const fileOverLink: Make = (random, folder) => {
  const path = `${folder}/replaced`
  const to = random.pick([`${folder}/target`, 'target', '/nowhere'])
  const target = oldFile(random, `${folder}/target`, 'must stay\n')
  return {
    old: [{ type: 'link', path, to }, target],
    wishes: [{ sort: 'file', path, text: 'a file now\n', ...accessOf(random, fileModes), mode: 0o640 }],
  }
}

/** Ansible would put the file into the folder. */
const fileOverFolder: Make = (random, folder) => ({
  old: [{ type: 'directory', path: `${folder}/replaced`, mode: 0o700, owner: 'deploy' }],
  wishes: [{ sort: 'file', path: `${folder}/replaced`, text: textOf(random), ...usualAccess, mode: 0o644 }],
  hasPeer: false,
})

const someLink: Make = (random, folder) => {
  const path = `${folder}/link`
  const before = random.pick<readonly Old[]>([
    [],
    [{ type: 'link', path, to: 'elsewhere' }],
    [oldFile(random, path, 'a file\n')],
    [{ type: 'link', path, to: '/etc/hostname' }],
  ])
  return {
    old: before,
    wishes: [{ sort: 'link', path, to: random.pick(['/etc/hostname', '../x y', "it's"]) }],
  }
}

const folderAccess: Make = (random, folder) => {
  const path = `${folder}/inner`
  const old: Old = { type: 'directory', path, mode: random.pick(folderModes), owner: random.pick(owners) }
  return {
    old: [old, oldFile(random, `${path}/stays`, 'x')],
    wishes: [{ sort: 'directory', path, ...accessOf(random, folderModes) }],
  }
}

const someTemplate: Make = (random, folder) => {
  const path = `${folder}/filled`
  const before = random.next() < 0.5 ? [oldFile(random, path, textOf(random))] : []
  const vars = { who: random.pick(['the team', '<b>&"\'', 'ünï']), count: String(random.between(0, 99)) }
  const text = 'who = {{ who }}\ncount = {{ count }} of {{ count }}\n'
  return { old: before, wishes: [{ sort: 'template', path, text, vars, ...accessOf(random, fileModes) }] }
}

const config = ['# settings', 'port = 80', 'name = one', '', 'port = 8080', 'last = 1']
  .map((line) => `${line}\n`)
  .join('')

const someLines: Make = (random, folder) => {
  const path = `${folder}/settings`
  const asked = [
    { line: 'port = 443', replaces: 'port =' },
    { line: 'name = one', replaces: null },
    { line: `fresh = ${random.between(1, 9)}`, replaces: null },
    { line: 'colour = red', replaces: 'colour =' },
  ].filter(() => random.next() < 0.6)
  const lines = asked.length === 0 ? [{ line: 'only = 1', replaces: null }] : asked
  return {
    old: [oldFile(random, path, config)],
    wishes: lines.map((line): Wish => ({ sort: 'line', path, ...line })),
  }
}

const someBlock: Make = (random, folder) => {
  const path = `${folder}/settings`
  const marker = 'of the team'
  const within = `${beginMark(marker)}\nold = 1\nolder = 2\n${endMark(marker)}\n`
  const before = random.pick([config, config + within, within + config, 'no newline'])
  const block: Wish = { sort: 'block', path, marker, text: `new = ${random.between(1, 9)}\nsecond = 2\n` }
  return { old: [oldFile(random, path, before)], wishes: [block] }
}

const gone: Make = (random, folder) => {
  const path = `${folder}/gone`
  const sort = random.between(0, 3)
  const wish: Wish = { sort: 'absent', path, all: sort === 2 }
  switch (sort) {
    case 0:
      return { old: [oldFile(random, path, textOf(random))], wishes: [wish] }
    case 1:
      return { old: [{ type: 'link', path, to: '/etc' }], wishes: [wish] }
    case 2:
      return { old: [oldFolder(path), oldFile(random, `${path}/within`, 'x')], wishes: [wish] }
    default:
      return { old: [], wishes: [wish] }
  }
}

const userWithHome: Make = (random, folder, name) => ({
  old: [],
  wishes: [
    { sort: 'user', name, home: `${folder}/home`, loginShell: random.pick(['/bin/sh', '/bin/bash']) },
    {
      sort: 'file',
      path: `${folder}/home/notes`,
      text: textOf(random),
      mode: 0o600,
      owner: name,
      group: name,
    },
  ],
})

const makers: readonly Make[] = [
  chain,
  newFile,
  fileOverFile,
  fileOverLink,
  fileOverFolder,
  someLink,
  folderAccess,
  someTemplate,
  someLines,
  someBlock,
  gone,
  userWithHome,
]
