import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commit, file, files, type Ground, type Hostile, main, object, tree } from './ground.ts'

/** A commit whose lines are given, whatever git thinks of them. */
function written(ground: Ground, ref: string, lines: (tree: string) => Buffer | string): void {
  const hash = object(ground, 'commit', lines(tree(ground, [file(ground, 'a.txt', 'a\n')])))
  mkdirSync(join(ground.dir, ref, '..'), { recursive: true })
  writeFileSync(join(ground.dir, ref), `${hash}\n`)
}

const ada = 'Ada <ada@example.org> 1700000000 +0000'

/** Commits whose lines git would not write: by name, from the hash of their tree. */
const odd: Readonly<Record<string, (tree: string) => Buffer | string>> = {
  'no-author': (hash) => `tree ${hash}\n\nx\n`,
  'no-tree': () => `author ${ada}\ncommitter ${ada}\n\nx\n`,
  'no-end': (hash) => `tree ${hash}\nauthor ${ada}\ncommitter ${ada}`,
  'a-date-far-away': (hash) =>
    `tree ${hash}\nauthor Ada <a@b> 99999999999999999999 +9999\ncommitter Ada <a@b> 9223372036854775807 -1200\n\nx\n`,
  'a-date-before-time': (hash) =>
    `tree ${hash}\nauthor Ada <a@b> -1 +0000\ncommitter Ada <a@b> 0 +0000\n\nx\n`,
  'no-date': (hash) => `tree ${hash}\nauthor Ada <a@b>\ncommitter Ada <a@b> soon\n\nx\n`,
  brackets: (hash) =>
    `tree ${hash}\nauthor A<<b> <a@b>> 1700000000 +0000\ncommitter >< 1700000000 +0000\n\nx\n`,
  'another-encoding': (hash) =>
    Buffer.concat([
      Buffer.from(`tree ${hash}\nauthor ${ada}\ncommitter ${ada}\nencoding UTF-16\n\n`),
      Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x80, 0x81]),
    ]),
  'an-encoding-that-is-a-path': (hash) =>
    `tree ${hash}\nauthor ${ada}\ncommitter ${ada}\nencoding ../../../tmp/x//TRANSLIT\n\nx\n`,
  'a-zero-inside': (hash) => `tree ${hash}\nauthor ${ada}\ncommitter ${ada}\n\nx\0y\n`,
  'a-signature-of-nobody': (hash) =>
    `tree ${hash}\nauthor ${ada}\ncommitter ${ada}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\nx\n`,
  'a-parent-that-is-not-there': (hash) =>
    `tree ${hash}\nparent ${'d'.repeat(40)}\nauthor ${ada}\ncommitter ${ada}\n\nx\n`,
  'a-thousand-parents': (hash) =>
    `tree ${hash}\n${`parent ${'d'.repeat(40)}\n`.repeat(1_000)}author ${ada}\ncommitter ${ada}\n\nx\n`,
}

/** What people, terminals, browsers, shells and ledgers are given to read. */
export const words: readonly Hostile[] = [
  ...Object.entries(odd).map(([name, lines]): Hostile => ({
    name: `a-commit-with-${name}`,
    plant: (ground) => {
      commit(ground, [file(ground, 'a.txt', 'b\n')], 'refs/heads/good')
      written(ground, main, lines)
    },
  })),
  {
    name: 'names-of-refs',
    plant: (ground, touch) => {
      const head = commit(ground, [file(ground, 'a.txt', 'a\n')])
      // oxlint-disable-next-line no-template-curly-in-string -- a shell would read it
      const command = touch.replaceAll(' ', '${IFS}')
      const names = [
        'x;id',
        `x;${command}`,
        `x$(${command})`,
        `x\`${command}\``,
        `x|${command}`,
        "x'y",
        'x"y',
        '-x',
        '--upload-pack=touch',
        '--exec=touch',
        'HEAD',
        'refs/heads/main',
        '\u202egnp',
        '<img src=x onerror=alert(1)>',
        'a\nb',
        'a'.repeat(180),
      ]
      for (const name of names) {
        const path = join(ground.dir, 'refs/heads', name)
        mkdirSync(join(path, '..'), { recursive: true })
        writeFileSync(path, `${head}\n`)
      }
    },
  },
  {
    name: 'words-for-the-terminal',
    plant: (ground, touch) => {
      const message = `\u001b]0;x\u0007\u001b[2J$(${touch})\`${touch}\`<img src=x onerror=alert(1)>\r\nover\nend 0\n\n${'y'.repeat(100_000)}`
      commit(ground, [file(ground, `-rf $(${touch.replaceAll('/', '_')})`, 'a\n')], main, message)
    },
  },
  {
    name: 'a-map-of-names',
    plant: (ground, touch) => {
      const map = `$(${touch}) <ada@example.org> <ada@example.org>\n\0\n${'x'.repeat(100_000)} <a@b>\n`
      commit(ground, files(ground, { '.mailmap': map, 'a.txt': 'a\n' }))
    },
  },
  {
    name: 'a-patch-in-a-file',
    plant: (ground) => {
      const patch = `diff --git a/x b/x\n--- a/x\n+++ b/../../../x\n@@ -1,99999999 +1,99999999 @@\n${'@@ -0,0 +1 @@\n'.repeat(5_000)}`
      commit(ground, files(ground, { 'a.txt': patch, 'b\tc\n.txt': patch }))
    },
  },
  {
    name: 'tags-of-tags',
    plant: (ground) => {
      let hash = commit(ground, [file(ground, 'a.txt', 'a\n')])
      let type = 'commit'
      for (let nth = 0; nth < 300; nth += 1) {
        hash = object(ground, 'tag', `object ${hash}\ntype ${type}\ntag t\ntagger ${ada}\n\nx\n`)
        type = 'tag'
      }
      ground.git('update-ref', 'refs/tags/deep', hash)
    },
  },
  {
    name: 'other-objects-in-their-place',
    plant: (ground, touch) => {
      const good = commit(ground, [file(ground, 'a.txt', 'good\n')])
      const bad = commit(ground, [file(ground, 'a.txt', touch)], 'refs/heads/bad')
      ground.git('update-ref', `refs/replace/${good}`, bad)
      ground.git('update-ref', 'refs/notes/commits', bad)
    },
  },
]
