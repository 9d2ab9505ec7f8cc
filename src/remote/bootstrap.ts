import { readFileSync } from 'node:fs'
import { createHash, randomBytes } from 'node:crypto'
import { TroubleError } from '../change/trouble.ts'
import { maskFrame } from './mask-frame.ts'
import type { Program } from './remote.ts'
import { shAssign, shLine } from './quote.ts'

/**
 * What goes to a host to begin with: a command line that every login shell leaves alone, and the bytes that its
 * standard input gets first.
 */

/** Output kept on the host per program; more is cut there. */
export const JOURNAL_LIMIT = 16 * 1024 * 1024
/** Bytes of one program's frames together. */
const FRAMES_LIMIT = 4 * 1024 * 1024 * 1024

const host = readFileSync(new URL('host.sh', import.meta.url), 'utf8')
const leftovers = readFileSync(new URL('leftovers.sh', import.meta.url), 'utf8')
const receive = readFileSync(new URL('receive.sh', import.meta.url), 'utf8')
const look = readFileSync(new URL('look.sh', import.meta.url), 'utf8')
const relay = readFileSync(new URL('relay.sh', import.meta.url), 'utf8')
const lease = readFileSync(new URL('lease.sh', import.meta.url), 'utf8')
const supervise = readFileSync(new URL('supervise.sh', import.meta.url), 'utf8')
const filter = readFileSync(new URL('mask.pl', import.meta.url), 'utf8')
const preamble = readFileSync(new URL('preamble.sh', import.meta.url), 'utf8')

// One line, no single quote, no exclamation mark, no backslash: sh, csh and fish all pass it on unchanged between
// single quotes. $1 is the root, $2 the run, $3 the nonce. The relay is only run when its checksum is right, so
// login files that eat from the input cannot turn data into commands. The FIFOs are made meanwhile.
const startLine = [
  'umask 077; echo; echo "$3 hello";',
  'if { mkdir "$1/runs/$2" 2>/dev/null || { mkdir -p -m 755 "$1" && mkdir -p "$1/runs" && mkdir "$1/runs/$2"; }; } && cd "$1/runs/$2";',
  'then mkfifo ctl .out .born & read -r b </proc/sys/kernel/random/boot_id; echo $$ $b >.relaying;',
  'read -r m n h; w=garbled; if [ "$m" = "$3" ] && { [ -s .relaying ] || { w=write; false; }; } &&',
  '{ dd bs=64k count="$n" iflag=fullblock,count_bytes of=.relay status=none || { w=write; false; }; } &&',
  '{ echo "$h  .relay" >.sums || { w=write; false; }; } && sha256sum -c --status .sums; then . ./.relay;',
  'else wait; cd /; rm -rf "$1/runs/$2"; echo; echo "$3 fail $w"; fi;',
  'elif [ -e "$1/runs/$2" ]; then echo; echo "$3 fail exists";',
  'else echo; echo "$3 fail folder"; fi',
].join(' ')

const attachLine = [
  'umask 077; echo; echo "$3 hello"; read -r m n h;',
  'if [ "$m" = "$3" ]; then s=$(dd bs=64k count="$n" iflag=fullblock,count_bytes status=none);',
  'case $(printf %s "$s" | sha256sum) in "$h "*) eval "$s";; *) echo; echo "$3 fail garbled";; esac;',
  'else echo; echo "$3 fail garbled"; fi',
].join(' ')

// The shell of a session for looks: one follows the other, and when nobody is there any more it ends all that it has
// started. A look has no folder to put anything into, so its text stays in a variable. A line of shell comes before it
// on the input, between two nonces: nothing of it was eaten. There it may hold any character.
const lookLine = [
  'umask 077; cd /; echo; echo "$3 hello"; while read -r m s;',
  'do case "$m ${s##* }" in "$3 $3") eval "${s% *}";; *) echo; echo "$3 fail garbled"; exit 1;; esac; done;',
  '[ -z "$run" ] || rm -rf -- "$run"; kill -KILL 0',
].join(' ')

/** The path programs get; nothing of the host's login environment reaches them. */
export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** How a session is opened: `argv` to run in a clean environment, and the bytes to send it. */
export type Opening = Readonly<{
  nonce: string
  /** The text for `sh -c`, without single quotes, and its four arguments. */
  line: string
  words: readonly string[]
  upload: readonly Uint8Array[]
  /** A look is over after this long, and with its session; null for a program that runs detached. */
  lookMs: number | null
}>

/** Starts `program` under the folder `root` of a host. Throws a TroubleError for what no host could run. */
export function startOpening(root: string, program: Program): Opening {
  check(program)
  checkLease(program)
  const nonce = newNonce()
  const key = newKey()
  const { id } = program
  const mask = maskFrame(program)
  const frames = mask === null ? program.frames : [...program.frames, mask]
  const values = {
    root,
    id,
    key,
    nonce,
    script: scriptOf(root, program),
    supervise: supervisorOf({ root, key, filter: mask === null ? '' : filter }, program),
    sums: sumsOf(frames),
  }
  const text = `${shAssign(values)}${host}${leftovers}${receive}${relay}${takesOf(frames)}start_program\nclear_leftovers\nfollow\n`
  const upload = [...framed(nonce, text), ...frames.map((frame) => frame.bytes)]
  return { nonce, line: startLine, words: ['tandem', root, id, nonce], upload, lookMs: null }
}

/**
 * Runs a program in the session itself, whose shell knows us by `nonce`. Throws a TroubleError for what no host could
 * run.
 */
export function lookOpening(root: string, program: Omit<Program, 'lease'>, nonce: string): Opening {
  check(program)
  const { id, frames, script, limitMs } = program
  const run = frames.length === 0 ? '' : `${root}/runs/${id}`
  const values = { root, id, run, nonce, key: newKey(), sums: sumsOf(frames), script }
  const takes =
    frames.length === 0
      ? ''
      : `${host}${leftovers}make_room\nclear_leftovers\n${takesOf(frames)}compare_sums\n`
  const text = Buffer.from(`${shAssign(values)}${receive}${look}${takes}look\n# ${nonce}`)
  const line = Buffer.from(`${nonce} ${loader(text.length)} ${nonce}\n`)
  const upload = [Buffer.concat([line, text]), ...frames.map(({ bytes }) => bytes)]
  return { nonce, line: lookLine, words: ['tandem', root, id, nonce], upload, lookMs: limitMs }
}

/**
 * Reads the text of a look. Its line came whole, the bytes are counted, and the nonce is the last of them: nothing
 * between was eaten.
 */
const loader = (bytes: number): string =>
  [
    `s=$(dd bs=64k count=${bytes} iflag=fullblock,count_bytes status=none);`,
    'case $s in *"# $3") eval "$s";; *) echo; echo "$3 fail garbled"; exit 1;; esac',
  ].join(' ')

const sumsOf = (frames: Program['frames']): string =>
  frames.map((frame) => `${sha256(frame.bytes)}  ${frame.name}\n`).join('')

const takesOf = (frames: Program['frames']): string =>
  frames.map((frame) => `${shLine(['take', frame.name, String(frame.bytes.length)])}\n`).join('')

function scriptOf(root: string, { lease: right, script }: Program): string {
  const lease = right === null ? '' : `${root}/lease/${targetFolder(right.target)}`
  return `${shAssign({ lease, token: tokenOf(right) })}${preamble}${script}\n`
}

type SupervisorPlace = Readonly<{
  root: string
  key: string
  /** Masks the output; may be empty. */ filter: string
}>

function supervisorOf(at: SupervisorPlace, program: Program): string {
  const { id, limitMs } = program
  const values = {
    ...at,
    id,
    target: program.lease === null ? '' : targetFolder(program.lease.target),
    token: tokenOf(program.lease),
    limit: (limitMs / 1000).toFixed(3),
    limit_cs: String(Math.floor(limitMs / 10)),
    journal_limit: String(JOURNAL_LIMIT),
  }
  return `${shAssign(values)}${host}${leftovers}${program.lease === null ? '' : lease}${supervise}`
}

function tokenOf(lease: Program['lease']): string {
  return lease === null ? '' : String(lease.token)
}

/** Follows run `id`, wherever it is by now. */
export function attachOpening(root: string, id: string): Opening {
  checkId(id)
  const nonce = newNonce()
  const text = shAssign({ root, id, nonce }) + host + leftovers + receive + relay + 'attach'
  const words = ['tandem', root, id, nonce]
  return { nonce, line: attachLine, words, upload: framed(nonce, text), lookMs: null }
}

function framed(nonce: string, text: string): readonly Uint8Array[] {
  const bytes = Buffer.from(text)
  return [Buffer.concat([Buffer.from(`${nonce} ${bytes.length} ${sha256(bytes)}\n`), bytes])]
}

/**
 * A file name for any target: letters, digits, dot and minus stand for themselves, other bytes become `_` and two
 * hex digits, so different targets never share a folder. Long names end in a hash.
 */
export function targetFolder(target: string): string {
  const name = [...Buffer.from(target)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[A-Za-z0-9.-]/.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`
    })
    .join('')
  const safe = name.startsWith('.') ? `_2e${name.slice(1)}` : name
  return safe.length <= 150 ? safe : `${safe.slice(0, 80)}__${sha256(Buffer.from(target))}`
}

export function newNonce(): string {
  return randomBytes(16).toString('hex')
}

// A control character in front: ordinary output is never held back because it might be the end mark.
function newKey(): string {
  return `\u001e${newNonce()}`
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function check(program: Omit<Program, 'lease'>): void {
  checkId(program.id)
  const names = new Set<string>()
  for (const { name } of program.frames) {
    if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(name) || name === 'journal' || name === 'ctl')
      refuse(
        program.id,
        `the frame name ${JSON.stringify(name)} cannot be used`,
        'use letters, digits, . _ - ',
      )
    if (names.has(name))
      refuse(program.id, `two frames are named ${name}`, 'give each frame a name of its own')
    names.add(name)
  }
  if (program.frames.reduce((sum, frame) => sum + frame.bytes.length, 0) > FRAMES_LIMIT)
    refuse(program.id, 'the frames are larger than 4 GiB together', 'send less in one program')
  if (program.script.includes('\0'))
    refuse(program.id, 'the script holds a NUL byte', 'send such bytes in a frame')
  if (!(program.limitMs >= 1))
    refuse(program.id, 'the time limit is under a millisecond', 'give limitMs a value')
}

function checkLease({ id, lease: right }: Program): void {
  if (right !== null && !(Number.isSafeInteger(right.token) && right.token > 0))
    refuse(id, 'the token of a lease is a whole number above zero', 'take the token from the lease')
}

function checkId(id: string): void {
  if (!/^[a-z0-9-]{1,64}$/.test(id))
    refuse(id, 'a run id is 1 to 64 of a-z, 0-9 and -', 'make the id of these')
}

function refuse(id: string, what: string, now: string): never {
  throw new TroubleError({ what, where: `program ${id}`, now })
}
