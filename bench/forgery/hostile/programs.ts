import { commit, file, files, folder, type Hostile, program, sh, submodule } from './ground.ts'
import { escapes, teamFile } from './escapes.ts'

const hooks = [
  'applypatch-msg',
  'fsmonitor-watchman',
  'post-checkout',
  'post-index-change',
  'post-merge',
  'post-receive',
  'post-update',
  'pre-commit',
  'pre-receive',
  'reference-transaction',
  'update',
]

/** Wherever git, a tool beside it or this hub could take the word of a repository for what to run. */
export const programs: readonly Hostile[] = [
  {
    name: 'hooks-in-the-tree',
    plant: (ground, touch) => {
      const all = hooks.map((name) => program(ground, name, sh(touch)))
      commit(ground, [folder(ground, '.githooks', all), folder(ground, 'hooks', all)])
    },
  },
  {
    name: 'filters-and-attributes',
    plant: (ground, touch) => {
      const config = `[filter "evil"]\n\tsmudge = ${touch}\n\tclean = ${touch}\n\tprocess = ${touch}\n\trequired = true\n[diff "evil"]\n\ttextconv = ${touch}\n\tcommand = ${touch}\n[merge "evil"]\n\tdriver = ${touch}\n`
      const attributes = '* filter=evil diff=evil merge=evil export-subst ident\n'
      commit(
        ground,
        files(ground, {
          '.gitattributes': attributes,
          '.gitconfig': config,
          'a.txt': '$Id$ $Format:%H$ $Format:%(trailers:key=x)$\n',
          config,
        }),
      )
    },
  },
  {
    name: 'attributes-that-never-end',
    plant: (ground) => {
      const text = `* working-tree-encoding=UTF-16 text eol=crlf\n${'a'.repeat(100_000)} x=${'y'.repeat(100_000)}\n${'[attr]m m=m\n* m\n'.repeat(5_000)}`
      commit(ground, files(ground, { '.gitattributes': text, 'a.txt': 'a\n' }))
    },
  },
  {
    name: 'submodules',
    plant: (ground, touch) => {
      const urls = [
        `ext::sh -c ${touch.replaceAll(' ', '%20')}`,
        '-u./payload',
        '--upload-pack=touch',
        'file:///etc',
        '../../../../etc',
        `ssh://-oProxyCommand=${touch.replaceAll(' ', '%20')}/x`,
      ]
      const sections = urls.map(
        (url, nth) =>
          `[submodule "m${nth}/../../.git"]\n\tpath = m${nth}\n\turl = ${url}\n\tupdate = !${touch}\n`,
      )
      commit(ground, [
        file(ground, '.gitmodules', sections.join('')),
        ...urls.map((_, nth) => submodule(`m${nth}`)),
        program(ground, 'payload', sh(touch)),
      ])
    },
  },
  {
    name: 'submodules-well-formed',
    plant: (ground, touch) => {
      const text = `[submodule "m"]\n\tpath = m\n\turl = https://127.0.0.1:1/x.git\n\tupdate = checkout\n\tfetchRecurseSubmodules = true\n\t# ${touch}\n`
      commit(ground, [file(ground, '.gitmodules', text), submodule('m')])
    },
  },
  {
    name: 'pointers-of-lfs',
    plant: (ground, touch) => {
      const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`
      const config = `[lfs]\n\turl = http://127.0.0.1:1/\n\tstandalonetransferagent = evil\n[lfs "customtransfer.evil"]\n\tpath = ${touch}\n`
      commit(
        ground,
        files(ground, {
          '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
          '.lfsconfig': config,
          'a.bin': pointer,
        }),
      )
    },
  },
  {
    name: 'a-repository-in-the-tree',
    plant: (ground, touch) => {
      const config = `[core]\n\tbare = true\n\tfsmonitor = ${touch}\n\tsshCommand = ${touch}\n\tpager = ${touch}\n\teditor = ${touch}\n\thooksPath = hooks\n\tgitProxy = ${touch}\n\tattributesFile = a\n[include]\n\tpath = ../../.gitconfig\n[includeIf "gitdir:/"]\n\tpath = .gitconfig\n[alias]\n\tlog = !${touch}\n[credential]\n\thelper = !${touch}\n[gpg]\n\tprogram = ${touch}\n[uploadpack]\n\tpackObjectsHook = ${touch}\n`
      // Git that is started in it would believe its configuration.
      commit(ground, [
        file(ground, '.gitconfig', config),
        file(ground, 'HEAD', 'ref: refs/heads/main\n'),
        file(ground, 'config', config),
        folder(
          ground,
          'hooks',
          hooks.map((name) => program(ground, name, sh(touch))),
        ),
        folder(ground, 'objects', [file(ground, 'x', '')]),
        folder(ground, 'refs', [file(ground, 'x', '')]),
      ])
    },
  },
  {
    name: 'a-file-that-leads-to-a-repository',
    plant: (ground, touch) => {
      const text = `[core]\n\tfsmonitor = ${touch}\n`
      commit(ground, [
        file(ground, 'commondir', '../../../../tmp\n'),
        file(ground, 'config.worktree', text),
        file(ground, 'gitdir', '/tmp/x/.git\n'),
      ])
    },
  },
  {
    name: 'team-file',
    plant: (ground, touch) => void commit(ground, [file(ground, 'tandem.ts', teamFile(touch))]),
  },
  {
    name: 'package-scripts',
    plant: (ground, touch) => {
      const scripts = Object.fromEntries(
        ['preinstall', 'install', 'postinstall', 'prepare', 'build', 'test'].map((name) => [name, touch]),
      )
      commit(
        ground,
        files(ground, {
          '.envrc': `${touch}\n`,
          '.npmrc': `git=${touch}\nscript-shell=${touch}\nnode-options=--import=./x.mjs\n`,
          Makefile: `all: ; ${touch}\n$(shell ${touch})\n`,
          'package.json': JSON.stringify({ name: 'x', type: 'module', scripts }),
          'tandem.ts': teamFile(touch),
          'x.mjs': `import { execSync } from 'node:child_process'\nexecSync(${JSON.stringify(touch)})\n`,
        }),
      )
    },
  },
  {
    name: 'jobs-that-escape',
    plant: (ground, touch) => {
      const jobs = ['build', 'test'].map((name) => program(ground, name, escapes(touch)))
      commit(ground, [folder(ground, 'ci', jobs), file(ground, 'tandem.ts', teamFile(touch))])
    },
  },
  {
    name: 'jobs-with-odd-names',
    plant: (ground, touch) => {
      const command = touch.replaceAll('/', '\\')
      const names = [`$(${command})`, `-x`, `;${command}`, '`id`', 'a\nb', 'a b', '\u001b[2J', 'test']
      const jobs = names.map((name) => program(ground, name, sh(touch)))
      commit(ground, [folder(ground, 'ci', jobs)])
    },
  },
  {
    name: 'jobs-with-odd-heads',
    plant: (ground, touch) => {
      const head = (line: string): string => `#!/bin/sh\n# tandem: ${line}\n${touch}\n`
      const lines = {
        a: 'output ../../../../..',
        b: 'needs ../../x',
        c: 'reports ../../../etc/*',
        d: `on -oProxyCommand=${touch}`,
        e: `env BASH_ENV=$(${touch})`,
        f: `matrix x=$(${touch})`,
        g: 'cache ../../../../root by package.json',
        h: 'secrets HOOK_GITHUB',
        i: `limit ${'9'.repeat(400)}s`,
      }
      for (const [name, line] of Object.entries(lines))
        commit(ground, [folder(ground, 'ci', [program(ground, name, head(line))])], `refs/heads/${name}`)
      commit(ground, [folder(ground, 'ci', [link(ground), program(ground, 'test', head('output /'))])])
    },
  },
  {
    name: 'artifacts-that-lead-out',
    plant: (ground, touch) => {
      const build = `#!/bin/sh
mkdir out && cd out
ln -s / root; ln -s ../../../../../.. up; ln -s ${'../'.repeat(12)}etc/passwd passwd
mkfifo pipe; ln /etc/hostname hard 2>/dev/null
printf x > "$(printf 'a\\nb')"; printf x > -rf; printf '#!/bin/sh\\n${touch}\\n' > run; chmod 6755 run
`
      for (const [name, tail] of Object.entries({
        main: 'rm pipe root up passwd',
        links: 'rm pipe',
        pipe: 'rm root up passwd',
        swap: 'cd .. && rm -r out && ln -s / out',
      })) {
        const text = `${build.replace('\n', '\n# tandem: output out\n')}${tail}\n`
        commit(ground, [folder(ground, 'ci', [program(ground, 'build', text)])], `refs/heads/${name}`)
      }
    },
  },
]

const link = (ground: Parameters<typeof file>[0]) => file(ground, 'build', '/bin/sh', '120000')
