import assert from 'node:assert/strict'
import { test } from 'node:test'
import { propertyIn, type Script, scriptOf, withoutProperty, withProperty, withValue } from './object-text.ts'

const entry = { key: 'web3', value: { address: 'root@10.0.0.3', roles: ['web'] } }

/** The script, and the object behind `hosts:` in it. */
function hostsOf(text: string) {
  // What the sandbox does to types: as many blanks.
  const script = scriptOf(
    text,
    text.replaceAll(/: Größe|: string| as X/g, (types) => ' '.repeat(types.length)),
  )
  assert.ok(script !== null, 'it does not parse')
  const [hosts] = script.objects.flatMap((one) => {
    const found = propertyIn(one, 'hosts')?.value
    return found?.type === 'ObjectExpression' ? [found] : []
  })
  assert.ok(hosts !== undefined, 'it has no hosts')
  return [script, hosts] as const
}

const added = (text: string): string => withProperty(...hostsOf(text), entry)

function removed(text: string, key = 'web2'): string {
  const [script, hosts] = hostsOf(text)
  const property = propertyIn(hosts, key)
  assert.ok(property !== null)
  return withoutProperty(script, hosts, property)
}

const additions: readonly Readonly<{ name: string; before: string; after: string }>[] = [
  {
    name: 'a line after the last, with its comma',
    before: `x({\n  hosts: {\n    web1: { address: 'a@b' },\n  },\n})\n`,
    after: `x({\n  hosts: {\n    web1: { address: 'a@b' },\n    web3: { address: 'root@10.0.0.3', roles: ['web'] },\n  },\n})\n`,
  },
  {
    name: 'no last comma where there was none',
    before: `x({\n  hosts: {\n    web1: { address: 'a@b' }\n  }\n})\n`,
    after: `x({\n  hosts: {\n    web1: { address: 'a@b' },\n    web3: { address: 'root@10.0.0.3', roles: ['web'] }\n  }\n})\n`,
  },
  {
    name: 'comments stay, tabs and double quotes are taken up',
    before: `x({\n\thosts: {\n\t\tweb1: { address: "a@b" }, // the first, {\n\t\t// more to come }\n\t},\n})\n`,
    after: `x({\n\thosts: {\n\t\tweb1: { address: "a@b" }, // the first, {\n\t\t// more to come }\n\t\tweb3: { address: "root@10.0.0.3", roles: ["web"] },\n\t},\n})\n`,
  },
  {
    name: 'a comment after the last one, which has no comma',
    before: `x({\n  hosts: {\n    web1: {} // the first, and only\n  }\n})`,
    after: `x({\n  hosts: {\n    web1: {}, // the first, and only\n    web3: { address: 'root@10.0.0.3', roles: ['web'] }\n  }\n})`,
  },
  {
    name: 'objects of several lines beside others like it',
    before: `x({\n    hosts: {\n        web1: {\n            address: 'a@b',\n        },\n    },\n})`,
    after: `x({\n    hosts: {\n        web1: {\n            address: 'a@b',\n        },\n        web3: {\n            address: 'root@10.0.0.3',\n            roles: ['web'],\n        },\n    },\n})`,
  },
  {
    name: 'one line stays one line while it is short',
    before: `x({ hosts: { web1: { address: 'a@b' } } })`,
    after: `x({ hosts: { web1: { address: 'a@b' }, web3: { address: 'root@10.0.0.3', roles: ['web'] } } })`,
  },
  {
    name: 'one line with a last comma',
    before: `x({ hosts: { web1: { address: 'a@b' }, } })`,
    after: `x({ hosts: { web1: { address: 'a@b' }, web3: { address: 'root@10.0.0.3', roles: ['web'] }, } })`,
  },
  {
    name: 'one line that would be too long is broken',
    before: `x({\n  hosts: { web1: { address: 'deploy@first.example.com' }, web2: { address: 'deploy@second.example.com' } },\n})`,
    after: `x({\n  hosts: {\n    web1: { address: 'deploy@first.example.com' },\n    web2: { address: 'deploy@second.example.com' },\n    web3: { address: 'root@10.0.0.3', roles: ['web'] },\n  },\n})`,
  },
  {
    name: 'an empty object opens',
    before: `x({\n  hosts: {},\n})`,
    after: `x({\n  hosts: {\n    web3: { address: 'root@10.0.0.3', roles: ['web'] },\n  },\n})`,
  },
  {
    name: 'an object with nothing but a comment keeps it',
    before: `x({\n  hosts: {\n    // none yet\n  },\n})`,
    after: `x({\n  hosts: {\n    // none yet\n    web3: { address: 'root@10.0.0.3', roles: ['web'] },\n  },\n})`,
  },
  {
    name: 'after a spread',
    before: `x({\n  hosts: {\n    ...more,\n  },\n})`,
    after: `x({\n  hosts: {\n    ...more,\n    web3: { address: 'root@10.0.0.3', roles: ['web'] },\n  },\n})`,
  },
  {
    name: 'a brace behind the last value',
    before: `x({ hosts: { web1: {},\n  web2: {} } })`,
    after: `x({ hosts: { web1: {},\n  web2: {},\n  web3: { address: 'root@10.0.0.3', roles: ['web'] } } })`,
  },
  {
    name: 'lines that end as they do elsewhere in the file',
    before: `x({\r\n  hosts: {\r\n    web1: {},\r\n  },\r\n})\r\n`,
    after: `x({\r\n  hosts: {\r\n    web1: {},\r\n    web3: { address: 'root@10.0.0.3', roles: ['web'] },\r\n  },\r\n})\r\n`,
  },
  {
    name: 'types before it do not matter',
    before: `const a = (b: Größe): string => \`\${b as X}\`\nx({\n  hosts: {\n    web1: {},\n  },\n})`,
    after: `const a = (b: Größe): string => \`\${b as X}\`\nx({\n  hosts: {\n    web1: {},\n    web3: { address: 'root@10.0.0.3', roles: ['web'] },\n  },\n})`,
  },
]

for (const { name, before, after } of additions)
  test(`a property is added as its neighbours are written: ${name}`, () => assert.equal(added(before), after))

const removals: readonly Readonly<{ name: string; before: string; after: string }>[] = [
  {
    name: 'with its line and the comment on it',
    before: `x({\n  hosts: {\n    // the first\n    web1: {},\n    web2: {}, // the second\n    web3: {},\n  },\n})`,
    after: `x({\n  hosts: {\n    // the first\n    web1: {},\n    web3: {},\n  },\n})`,
  },
  {
    name: 'the last one, without a comma',
    before: `x({\n  hosts: {\n    web1: {}, // one\n    web2: {}\n  }\n})`,
    after: `x({\n  hosts: {\n    web1: {} // one\n  }\n})`,
  },
  {
    name: 'of several lines',
    before: `x({\n  hosts: {\n    web2: {\n      address: 'a@b',\n    },\n    web3: {},\n  },\n})`,
    after: `x({\n  hosts: {\n    web3: {},\n  },\n})`,
  },
  {
    name: 'on one line, in the middle',
    before: `x({ hosts: { web1: {}, web2: {}, web3: {} } })`,
    after: `x({ hosts: { web1: {}, web3: {} } })`,
  },
  {
    name: 'on one line, at the end',
    before: `x({ hosts: { web1: {}, web2: {} } })`,
    after: `x({ hosts: { web1: {} } })`,
  },
  { name: 'the only one', before: `x({ hosts: { web2: {} } })`, after: `x({ hosts: {} })` },
]

for (const { name, before, after } of removals)
  test(`a property is taken out: ${name}`, () => assert.equal(removed(before), after))

test('a value is replaced where it stands, and the names of properties may be in quotes', () => {
  const [script, hosts] = hostsOf(`x("y", { hosts: { 'web-1': "old", web1 } })`)
  const named = (key: string) => propertyIn(hosts, key) ?? assert.fail(key)
  assert.equal(
    withValue(script, hosts, named('web-1'), "it's"),
    `x("y", { hosts: { 'web-1': "it's", web1 } })`,
  )
  assert.equal(
    withValue(script, hosts, named('web1'), 'new'),
    `x("y", { hosts: { 'web-1': "old", web1: "new" } })`,
  )
  assert.match(withProperty(script, hosts, { key: 'a-b', value: 1 }), /, "a-b": 1 } }\)$/)
})

test('a line that would be too long is broken, unless the file has longer ones', () => {
  const long = { key: 'b', value: { address: 'x'.repeat(60), identityFile: 'y'.repeat(60) } }
  const [script, hosts] = hostsOf(`x({\n  hosts: {\n    a: {},\n  },\n})`)
  assert.match(
    withProperty(script, hosts, long),
    /\n    b: {\n      address: 'x+',\n      identityFile: 'y+',\n    },\n/,
  )
  const [wide, others] = hostsOf(`x({\n  hosts: {\n    a: {}, // ${'z'.repeat(180)}\n  },\n})`)
  assert.match(withProperty(wide, others, long), /\n    b: { address: 'x+', identityFile: 'y+' },\n/)
})

test('the text of a script that does not parse is nobody to change', () => {
  const broken: Script | null = scriptOf('export default {', 'export default {')
  assert.equal(scriptOf('a as b', 'a'), null)
  assert.equal(broken, null)
})
