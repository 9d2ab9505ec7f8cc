import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { loadConfig } from '../reading/load.ts'
import { scratchProject } from '../scratch-project.ts'

const tandemTs = (metrics: string): string =>
  `import { tandem } from 'tandem'\nexport default tandem({\n  metrics: ${metrics},\n})\n`

const good = 'groups:\n- name: a\n  rules:\n  - record: b\n    expr: sum(up)\n'

test('files of rules are read with tandem.ts', async () => {
  await using project = await scratchProject({
    'tandem.ts': tandemTs("{ rules: ['rules/*.yml'] }"),
    'rules/b.yml': good,
    'rules/a.yml': '',
    'rules/notes.txt': 'nothing',
  })
  const { config, files } = await loadConfig(project.dir)
  assert.deepEqual(config.metrics.rules, ['rules/*.yml'])
  assert.deepEqual(files, ['tandem.ts', 'rules/a.yml', 'rules/b.yml'])
})

test('what is wrong in a file of rules is said with its place, and so is a pattern that names none', async () => {
  await using project = await scratchProject({
    'tandem.ts': tandemTs("{ rules: ['rules/*.yml'] }"),
    'rules/a.yml': good.replace('sum(up)', 'sum(up'),
    'rules/b.yml': good.replace('record: b', 'record: b-c'),
  })
  assert.deepEqual(await troubleIn(project.dir), {
    what: 'cannot read the expression: 1:7: parse error: unclosed left parenthesis',
    where: 'rules/a.yml:5:1',
    now: 'mend it, as `promtool check rules` wants it',
    tail: [
      "rules/b.yml:4:1: 'b-c' cannot be the name of a metric; mend it, as `promtool check rules` wants it",
    ],
  })
  await using other = await scratchProject({ 'tandem.ts': tandemTs("{ rules: ['rules/*.yaml'] }") })
  assert.deepEqual(await troubleIn(other.dir), {
    what: "no file is called 'rules/*.yaml'",
    where: 'tandem.ts:3:22',
    now: 'write a path from the folder of tandem.ts on, such as rules/*.yml',
  })
})

test('a far side is read with what is usual', async () => {
  const remote = (said: string) => tandemTs(`{ remote: { ${said} } }`)
  const config = async (said: string) => {
    await using project = await scratchProject({ 'tandem.ts': remote(said) })
    return (await loadConfig(project.dir)).config.metrics.remote
  }
  assert.deepEqual(await config("write: 'http://vm:8428/api/v1/write'"), {
    write: 'http://vm:8428/api/v1/write',
    read: null,
    auth: null,
    labels: {},
    queueBytes: 2 ** 30,
  })
  assert.deepEqual(
    await config(
      "read: 'https://mimir.example.org/prometheus/api/v1/', auth: { user: 'a', password: 'B' }, labels: { cluster: 'x' }, queue: '2M'",
    ),
    {
      write: null,
      read: 'https://mimir.example.org/prometheus',
      auth: { kind: 'basic', user: 'a', secret: 'B' },
      labels: { cluster: 'x' },
      queueBytes: 2 ** 21,
    },
  )
})

async function troubleIn(dir: string): Promise<unknown> {
  const thrown: unknown = await loadConfig(dir).then(
    () => null,
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof TroubleError)
  return thrown.trouble
}
