import { usualAccess, type Wish } from './wish.ts'

/** The work of one host in the comparison: 33 wishes; the 34th thing is the facts, which templates of each tool may use. */
export function usualWishes(root: string, name: string): readonly Wish[] {
  return [
    ...counted(10, (nth) => folder(place(root, nth))),
    ...counted(10, (nth) => textFile(`${place(root, nth)}/file`, nth)),
    ...counted(10, (nth) => filledFile(`${place(root, nth)}/filled`, nth)),
    { sort: 'user', name, home: `/home/${name}`, loginShell: '/bin/sh' },
    { sort: 'cron', name: `${name}-nightly`, hour: 3, command: `/usr/bin/test -d ${root}` },
    { sort: 'service', name: 'cron' },
  ]
}

/** A hundred of all sorts, for counting what they cost a host when there is nothing to do. */
export function hundredWishes(root: string, name: string): readonly Wish[] {
  return [
    ...counted(30, (nth) => folder(place(root, nth))),
    ...counted(40, (nth) => textFile(`${place(root, 1 + (nth % 30))}/file-${nth}`, nth)),
    ...counted(15, (nth) => filledFile(`${place(root, nth)}/filled`, nth)),
    ...counted(5, (nth): Wish => ({
      sort: 'link',
      path: `${root}/link-${nth}`,
      to: `${place(root, nth)}/filled`,
    })),
    ...counted(4, (nth): Wish => ({
      sort: 'user',
      name: `${name}${nth}`,
      home: `/home/${name}${nth}`,
      loginShell: '/bin/sh',
    })),
    ...counted(4, (nth): Wish => ({
      sort: 'cron',
      name: `${name}-nightly-${nth}`,
      hour: nth,
      command: `/usr/bin/test -d ${place(root, nth)}`,
    })),
    { sort: 'service', name: 'cron' },
    { sort: 'service', name: 'ssh' },
  ]
}

/** The first folder holds the others. */
const place = (root: string, nth: number): string => (nth === 1 ? root : `${root}/folder-${nth}`)

const counted = (count: number, make: (nth: number) => Wish): readonly Wish[] =>
  Array.from({ length: count }, (_, index) => make(index + 1))

const folder = (path: string): Wish => ({ sort: 'directory', path, ...usualAccess, mode: 0o750 })

const textFile = (path: string, nth: number): Wish => ({
  sort: 'file',
  path,
  text: `setting ${nth} = on\n`.repeat(20),
  ...usualAccess,
  mode: 0o640,
})

const filledFile = (path: string, nth: number): Wish => ({
  sort: 'template',
  path,
  text: '# of {{ who }}\nworkers = {{ count }}\n'.repeat(8),
  vars: { who: 'the team', count: String(nth) },
  ...usualAccess,
  mode: 0o644,
})
