import type { AppWish } from '../../src/config/wish.ts'

/** Where the busy app keeps what outlives its releases. */
export const uploads = 'uploads'

// It does not become ready before its migration, which the first host knows of, has run.
// What it was given is told by its checksum: the value itself must be found nowhere but in the environment.
const start = `printf %s "$DB_PASSWORD" | sha256sum >uploads/password
printf '%s %s %s\\n' "$GREETING" "$PLACE" "$(id -un)" >uploads/environment
if [ "$(uname -n)" = h1 ] && ! grep -q "$TANDEM_RELEASE" uploads/migration; then
  echo 'there is no column price'
  exit 1
fi
if [ -e spill ]; then echo "cannot log in with $DB_PASSWORD"; exit 1; fi
exec node app.js
`

const worker = `const { appendFileSync, writeFileSync } = require('node:fs')
let release = 'writable'
try { writeFileSync('mine', '') } catch { release = process.env.TANDEM_RELEASE }
appendFileSync('uploads/worker.txt', release + ' ' + process.getuid() + '\\n')
setInterval(() => {}, 1000)
`

/** Adds a line to a file that outlives the release: `note.cjs FILE WORDS`. `fail-FILE` in the release lets it fail. */
const note = `const { appendFileSync, readFileSync } = require('node:fs')
const [file, ...words] = process.argv.slice(2)
appendFileSync('uploads/' + file, [...words, process.env.TANDEM_RELEASE, process.getuid()].join(' ') + '\\n')
let failing = null
try { failing = readFileSync('fail-' + file, 'utf8') } catch { process.exit(0) }
if (failing === '' || failing === words[0]) { console.error('column price is missing'); process.exit(7) }
`

/** More files of the sample app, which make it one with several processes, a migration and hooks. */
export const busyFiles: Readonly<Record<string, string>> = {
  'start.sh': start,
  'worker.cjs': worker,
  'note.cjs': note,
  'config/local.json': '{"from":"the first release"}\n',
}

export const busyApp: Partial<AppWish> = {
  run: {
    web: 'sh start.sh',
    worker: { command: 'node worker.cjs', count: 2 },
    nightly: { command: 'node note.cjs nightly ran', schedule: 'daily' },
  },
  shared: [uploads],
  links: ['config/local.json'],
  env: { GREETING: 'hello', PLACE: 'nowhere' },
  secrets: ['DB_PASSWORD'],
  migrate: 'node note.cjs migration',
  hooks: { before: 'node note.cjs hooks before', after: 'node note.cjs hooks after' },
}
