import { execFileSync } from 'node:child_process'
import { escape } from 'node:querystring'
import { inspect } from 'node:util'

/** A way in which a program prints a text, done by that program itself. */
export type Encoder = Readonly<{
  name: string
  encode: (text: string) => string
  /** It cuts the text into groups of bits, so that a part of it looks different in each place. */
  isBase64?: true
}>

/** A text without the quotes that an encoder puts around the whole. */
const bare = (text: string): string =>
  text
    .trim()
    .replace(/^\+ : /, '')
    .replace(/^(?:b?'|b?"|`|\$')(.*)(?:'|"|`)$/s, '$1')

function by(program: string, args: readonly string[], input: string): string {
  return execFileSync(program, args, {
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
  })
}

const jq = (filter: string) => (text: string) => by('jq', ['-Rsr', filter], text)
const bash = (script: string) => (text: string) => by('bash', ['--norc', '-c', script], text)
const perl = (script: string) => (text: string) =>
  by('perl', ['-e', `local $/; $_ = <STDIN>; ${script}`], text)

/** One Python for all: starting one takes longer than what it is asked for. */
function python(
  expressions: Readonly<Record<string, string>>,
  texts: readonly string[],
): Record<string, string[]> {
  const lines = Object.entries(expressions).map(
    ([name, expression]) => `  out['${name}'].append(${expression})`,
  )
  const script = [
    'import sys, json, base64, binascii, html, shlex, urllib.parse',
    'texts = json.load(sys.stdin)',
    `out = {name: [] for name in ${JSON.stringify(Object.keys(expressions))}}`,
    'for t in texts:',
    '  b = t.encode()',
    ...lines,
    'json.dump(out, sys.stdout)',
  ].join('\n')
  const said = execFileSync('python3', ['-c', script], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  return JSON.parse(said) as Record<string, string[]>
}

const pythons = {
  'json.dumps': 'json.dumps(t)',
  'repr of a text': 'repr(t)',
  'repr of bytes': 'repr(b)',
  ascii: 'ascii(t)',
  'urllib quote': 'urllib.parse.quote(t)',
  'urllib quote_plus': 'urllib.parse.quote_plus(t)',
  'html.escape': 'html.escape(t)',
  'shlex.quote': 'shlex.quote(t)',
}
const pythons64 = {
  'base64 at 76 columns': 'base64.encodebytes(b).decode()',
  'base64 for URLs': 'base64.urlsafe_b64encode(b).decode()',
}

/** All encoders, ready for these texts. */
export function encodersFor(texts: readonly string[]): readonly Encoder[] {
  const place = new Map(texts.map((text, at) => [text, at]))
  const printed = python({ ...pythons, ...pythons64 }, texts)
  const asked =
    (name: string) =>
    (text: string): string =>
      printed[name]?.[place.get(text) ?? -1] ?? ''
  const encoders: readonly Encoder[] = [
    { name: 'plain', encode: (text) => text },
    { name: 'a terminal', encode: (text) => text.replaceAll('\n', '\r\n') },
    { name: 'JSON', encode: JSON.stringify },
    { name: 'JSON in JSON', encode: (text) => bare(JSON.stringify(JSON.stringify(text).slice(1, -1))) },
    { name: 'inspect', encode: (text) => inspect(text, { maxStringLength: null, breakLength: Infinity }) },
    { name: 'encodeURIComponent', encode: encodeURIComponent },
    { name: 'querystring', encode: escape },
    { name: 'a form', encode: (text) => new URLSearchParams({ a: text }).toString().slice(2) },
    { name: 'hex', encode: (text) => Buffer.from(text).toString('hex') },
    { name: 'hex in capitals', encode: (text) => Buffer.from(text).toString('hex').toUpperCase() },
    { name: 'base64', encode: (text) => Buffer.from(text).toString('base64'), isBase64: true },
    { name: 'base64url', encode: (text) => Buffer.from(text).toString('base64url'), isBase64: true },
    ...Object.keys(pythons).map((name) => ({ name: `Python ${name}`, encode: asked(name) })),
    ...Object.keys(pythons64).map((name) => ({
      name: `Python ${name}`,
      encode: asked(name),
      isBase64: true as const,
    })),
    { name: 'openssl base64', encode: (text) => by('openssl', ['base64'], text), isBase64: true },
    { name: 'coreutils base64', encode: (text) => by('base64', [], text), isBase64: true },
    { name: 'xxd -p', encode: (text) => by('xxd', ['-p'], text) },
    { name: 'jq @json', encode: jq('@json') },
    { name: 'jq @html', encode: jq('@html') },
    { name: 'jq @uri', encode: jq('@uri') },
    { name: 'jq @sh', encode: jq('@sh') },
    { name: 'jq -a', encode: (text) => by('jq', ['-Rsa', '.'], text) },
    { name: 'bash printf %q', encode: bash('IFS= read -rd "" v; printf %q "$v"') },
    { name: 'bash set -x', encode: bash('IFS= read -rd "" v; set -x 2>&1; { : "$v"; } 2>&1') },
    { name: 'perl Dumper', encode: perl('use Data::Dumper; $Data::Dumper::Terse = 1; print Dumper($_)') },
    {
      name: 'perl Dumper in ASCII',
      encode: perl(
        'use Data::Dumper; utf8::decode($_); $Data::Dumper::Terse = $Data::Dumper::Useqq = 1; print Dumper($_)',
      ),
    },
    { name: 'sed l', encode: (text) => by('sed', ['-n', 'l 0'], text).replace(/\$\n?$/, '') },
  ]
  return encoders.map((encoder) => ({ ...encoder, encode: (text: string) => bare(encoder.encode(text)) }))
}
