import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placesIn } from './places.ts'
import { searchCode, type CodeFile } from './search.ts'

const flags = new Set(['new-cart', 'search', 'page-size'])

function found(path: string, text: string): readonly string[] {
  return placesIn(path, text, flags).map(
    ({ line, column, flag, how }) => `${line}:${column} ${how} ${flag ?? '?'}`,
  )
}

test('calls that ask for a flag are told from other places that name it', () => {
  const code = [
    "import { flags } from './flags.ts'",
    "if (flags.boolean('new-cart', false)) go()",
    'const size: number = this.flags.number(`page-size`, 10)',
    "const value = await client.getBooleanValue<boolean>('search', false, context as never)",
    "flags.override({ 'new-cart': true })",
    "const labels = ['search', 'else']",
    "// 'new-cart' in a comment is no place",
    'const Cart = useBooleanFlagValue("new-cart", false)',
    "flags.details('boolean', 'search', false)",
  ].join('\n')
  assert.deepEqual(found('src/cart.ts', code), [
    '2:19 asked new-cart',
    '3:40 asked page-size',
    '4:53 asked search',
    '5:18 named new-cart',
    '6:17 named search',
    '8:34 asked new-cart',
    '9:26 asked search',
  ])
})

test('a constant is what it holds, and a key that is made up is told as one that cannot be', () => {
  const code = [
    "const NEW_CART = 'new-cart'",
    'flags.boolean(NEW_CART, false)',
    'flags.boolean(`exp-${name}`, false)',
    'zod.string(name).min(1)',
  ].join('\n')
  assert.deepEqual(found('a.js', code), ['1:18 named new-cart', '2:15 asked new-cart', '3:15 asked ?'])
})

test('JSX and all of TypeScript are read, and types are no places', () => {
  assert.deepEqual(
    found(
      'App.tsx',
      'const a = <Cart<string> on={useFlag(\'new-cart\' as const)} name="search">page-size</Cart>',
    ),
    ['1:37 asked new-cart', '1:64 named search'],
  )
  assert.deepEqual(found('App.jsx', "const a = <A on={flags.boolean('search', false)} />"), [
    '1:32 asked search',
  ])
  const code = [
    "type Key = 'new-cart' | 'search'",
    'enum Size { Large = "page-size" }',
    "const key = 'new-cart' as const satisfies Key",
    "class A { constructor(private flags: Flags<'search'>) {} @on x = this.flags!.boolean(key!, <boolean>false) }",
    "client?.getStringValue?.<Key>('search', '')",
  ].join('\n')
  assert.deepEqual(found('a.ts', code), [
    '2:21 named page-size',
    '3:13 named new-cart',
    '4:86 asked new-cart',
    '5:31 asked search',
  ])
})

test('what cannot be read by its syntax is looked through for quoted words', () => {
  assert.deepEqual(found('a.ts', "const broken = {\nflags.boolean('search', false)"), ['2:15 text search'])
  assert.deepEqual(found('a.vue', '<a v-if="on(\'search\')">'), ['1:13 text search'])
  assert.deepEqual(found('views.py', 'client.get_boolean_value("new-cart", False)\nx = "new-cart-2"'), [
    '1:26 text new-cart',
  ])
  assert.deepEqual(found('binary', "\0'search'"), [])
  assert.deepEqual(found('deep.js', `${'['.repeat(20_000)}'search'${']'.repeat(20_000)}`).length, 1)
})

test('a search ends at its limits and says so', async () => {
  const many: CodeFile[] = Array.from({ length: 3000 }, (_, nth) => ({
    path: `f${nth}.py`,
    text: '"search" "search"',
  }))
  const { files, places, leftOut } = await searchCode('here', many, ['search'])
  assert.deepEqual([files, places.length], [1000, 2000])
  assert.deepEqual(leftOut, [{ path: 'f999.py', why: 'the search ended here: it found 2000 places' }])
  const foreign = await searchCode(
    'here',
    [
      { path: 'node_modules/x/a.js', text: "'search'" },
      { path: 'big.sql', why: 'it has 9 bytes' },
    ],
    ['search'],
  )
  assert.deepEqual(foreign, {
    where: 'here',
    files: 0,
    places: [],
    leftOut: [{ path: 'big.sql', why: 'it has 9 bytes' }],
  })
})
