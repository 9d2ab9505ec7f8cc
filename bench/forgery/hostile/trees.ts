import { commit, file, files, folder, type Ground, type Hostile, link, program, sh, tree } from './ground.ts'

/** Names that some git, on some disk, has once taken for its own folder, or for the way out of this one. */
const namesOfGit: Readonly<Record<string, string>> = {
  'dot-git': '.git',
  capitals: '.GIT',
  'mixed-case': '.gIt',
  'a-blank-behind': '.Git ',
  'a-dot-behind': '.git.',
  'a-joiner-inside': '.g\u200cit',
  'a-mark-inside': '.gi\ufefft',
  'short-name': 'git~1',
  'a-stream': '.git::$INDEX_ALLOCATION',
  'a-backslash': '.git\\hooks',
  'two-dots': '..',
  'one-dot': '.',
  nothing: '',
  'a-slash': '.git/hooks',
}

function hiddenGit(ground: Ground, name: string, touch: string): void {
  const hooks = folder(ground, 'hooks', [program(ground, 'post-checkout', sh(touch))])
  const config = file(ground, 'config', `[core]\n\tfsmonitor = ${touch}\n`)
  commit(ground, [{ ...folder(ground, 'x', [config, hooks]), name }])
}

/** Names of all the bytes that a name can have, one file each. */
const bytes = Array.from({ length: 255 }, (_, nth) => nth + 1).filter((byte) => byte !== 0x2f)

/** Trees that lead out of where they are laid. */
export const trees: readonly Hostile[] = [
  ...Object.entries(namesOfGit).map(([name, written]): Hostile => ({
    name: `git-by-${name}`,
    plant: (ground, touch) => hiddenGit(ground, written, touch),
  })),
  {
    name: 'links-out',
    plant: (ground, touch) => {
      const up = '../'.repeat(12)
      commit(ground, [
        link(ground, 'a', '/'),
        link(ground, 'b', up),
        link(ground, 'c', `${up}etc/passwd`),
        link(ground, 'ci', '/bin'),
        link(ground, 'd', '.git'),
        link(ground, 'tandem.ts', '/etc/passwd'),
        link(ground, 'x'.repeat(200), touch),
      ])
    },
  },
  {
    name: 'links-in-place-of-what-git-reads',
    plant: (ground) =>
      void commit(
        ground,
        ['.gitattributes', '.gitignore', '.gitmodules', '.mailmap'].map((name) =>
          link(ground, name, '/etc/passwd'),
        ),
      ),
  },
  {
    name: 'a-link-then-a-folder',
    plant: (ground, touch) => {
      // The same name twice: a link, and a folder that would be written through it.
      const hooks = folder(ground, 'hooks', [program(ground, 'post-checkout', sh(touch))])
      commit(ground, [folder(ground, 'A', [hooks]), link(ground, 'a', '.git')])
      commit(
        ground,
        [link(ground, 'a', '/tmp'), folder(ground, 'a', [program(ground, 'x', sh(touch))])],
        'refs/heads/twice',
      )
    },
  },
  {
    name: 'a-path-in-a-name',
    plant: (ground, touch) => {
      const path = `../../../../..${touch.replace('touch ', '')}`
      commit(ground, [{ ...program(ground, 'x', sh(touch)), name: path }])
    },
  },
  {
    name: 'modes-that-there-are-not',
    plant: (ground, touch) => {
      const inner = program(ground, 'x', sh(touch))
      const modes = ['104755', '060000', '010644', '140755', '0', '777777777777', '100644x']
      commit(
        ground,
        modes.map((mode, nth) => ({ ...inner, mode, name: `f${nth}` })),
      )
    },
  },
  {
    name: 'names-of-every-byte',
    plant: (ground) => {
      const one = file(ground, 'f', 'x\n')
      commit(
        ground,
        bytes.map((byte) => ({ ...one, name: Buffer.from([0x66, byte]) })),
      )
      const plain = bytes.filter((byte) => byte > 0x20 && byte !== 0x5c && byte !== 0x7f)
      commit(
        ground,
        plain
          .filter((byte) => byte < 0x41 || byte > 0x5a)
          .map((byte) => ({ ...one, name: Buffer.from([0x66, byte]) })),
        'refs/heads/plain',
      )
    },
  },
  {
    name: 'names-for-a-command-line',
    plant: (ground, touch) => {
      const command = touch.replaceAll('/', '_')
      const names = [
        '--help',
        '-rf',
        '--output=x',
        `$(${command})`,
        `;${command}`,
        `|${command}`,
        '*',
        '~root',
      ]
      commit(
        ground,
        names.toSorted().map((name) => file(ground, name, `${touch}\n`)),
      )
    },
  },
  {
    name: 'names-as-long-as-can-be',
    plant: (ground) => {
      commit(ground, [file(ground, 'n'.repeat(255), 'x\n'), file(ground, 'o'.repeat(4_096), 'x\n')])
      commit(ground, [file(ground, 'n'.repeat(255), 'x\n')], 'refs/heads/long')
    },
  },
  {
    name: 'objects-of-another-kind',
    plant: (ground) => {
      const blob = file(ground, 'a', 'a\n')
      const empty = tree(ground, [])
      commit(ground, [
        { mode: '40000', name: 'a-blob-as-a-folder', hash: blob.hash },
        { mode: '100644', name: 'b-folder-as-a-file', hash: empty },
        { mode: '120000', name: 'c-folder-as-a-link', hash: empty },
      ])
      ground.git('update-ref', 'refs/tags/blob', blob.hash)
      ground.git('update-ref', 'refs/tags/tree', empty)
    },
  },
  {
    name: 'a-repository-within',
    plant: (ground, touch) => {
      const all = { HEAD: 'ref: refs/heads/main\n', config: `[core]\n\tfsmonitor = ${touch}\n`, 'x.git': '' }
      const alternates = [
        file(ground, 'alternates', '/etc\n'),
        file(ground, 'http-alternates', 'http://127.0.0.1:1/\n'),
      ]
      const info = folder(ground, 'info', alternates)
      commit(ground, [
        folder(ground, 'inner.git', [...files(ground, all), folder(ground, 'objects', [info])]),
      ])
    },
  },
]
