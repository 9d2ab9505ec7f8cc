import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Answered, Asked, Settings } from '../../metrics/metrics-side.ts'
import type { TeamConfig } from '../../config/config.ts'
import { loadConfig } from '../../config/reading/load.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import { settingsOfHub } from './settings.ts'

const rules = 'groups:\n- name: a\n  rules:\n  - record: b\n    expr: sum(up)\n'
const here: Answered = { status: 200, contentType: 'application/json', body: new Uint8Array() }
const asked: Asked = { route: 'label_values', name: 'job', params: 'start=1' }

test('rules and the far side are heeded once, and again when they have altered', async (t) => {
  const { settings, heeded, told, write } = await tryHub(t, {
    'tandem.ts': tandemTs(
      "rules: ['r.yml'], remote: { write: 'http://far/write', auth: { bearer: 'TOKEN' } }",
    ),
    'r.yml': rules,
  })
  await settings.ready()
  assert.equal(heeded.length, 0)
  void settings.look()
  await settings.ready()
  assert.equal(heeded.length, 1)
  await settings.look()
  const far = { url: 'http://far/write', authorization: 'Bearer secret', labels: {}, queueBytes: 2 ** 30 }
  assert.deepEqual(heeded, [{ rules: [{ file: 'r.yml', text: rules }], far }])
  await write('r.yml', rules.replace('sum(up)', 'sum(up'))
  await settings.look()
  await settings.look()
  assert.equal(heeded.length, 1)
  assert.match(told.join('\n'), /r\.yml:5: cannot read the expression: [^\n]+$/)
  const more = `${rules}  - alert: c\n    expr: up == 0\n`
  await write('r.yml', more)
  await settings.look()
  assert.deepEqual(heeded[1]?.rules, [{ file: 'r.yml', text: more }])
  assert.equal(told.at(-1), 'r.yml: 1 alerting rule is checked, and nobody evaluates it here')
  await write('tandem.ts', tandemTs('rules: []'))
  await settings.look()
  assert.deepEqual(heeded[2], { rules: [], far: null })
})

test('without its secret the far side is left as it is, and that is told once', async (t) => {
  const { settings, heeded, told } = await tryHub(t, {
    'tandem.ts': tandemTs("remote: { read: 'http://far', auth: { user: 'a', password: 'NONE' } }"),
  })
  await settings.look()
  await settings.look()
  assert.deepEqual(heeded.length, 0)
  assert.deepEqual(told, [
    'metrics.remote names the secret NONE, and there is none: tandem secret set NONE --in infra',
  ])
})

test('a far engine that is read answers in our place, and what is no answer is said', async (t) => {
  let answer: Readonly<{ status: number; type: string; body: string }> = {
    status: 200,
    type: 'application/json',
    body: '{"status":"success","data":["far"]}',
  }
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization}`)
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body)
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise((resolve) => void server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prom`
  const { settings } = await tryHub(t, {
    'tandem.ts': tandemTs(`remote: { read: '${url}', auth: { user: 'a', password: 'TOKEN' } }`),
  })
  assert.equal(await settings.ask(asked), here)
  await assert.rejects(settings.report(), /no engine beyond this machine is written to or read from/)
  await settings.look()
  const said = async (): Promise<string> => Buffer.from((await settings.ask(asked)).body).toString()
  assert.equal(await said(), answer.body)
  const names = answer
  answer = { ...answer, body: '{"status":"success","data":{"resultType":"matrix","result":[]}}' }
  const { sending, compared } = await settings.report()
  assert.deepEqual([sending, compared?.url, compared?.same], [null, url, 0])
  assert.deepEqual(compared?.differences[0], {
    query: '1 + 1',
    what: 'here it is refused (what it answered is no answer), there it has an answer',
  })
  answer = names
  requests.splice(1)
  const basic = Buffer.from('a:secret').toString('base64')
  assert.deepEqual(requests, [`GET /prom/api/v1/label/job/values?start=1 Basic ${basic}`])
  answer = { status: 200, type: 'text/html', body: '<h1>Log in</h1>' }
  assert.match(await said(), /"unavailable".*did not answer: it answered 200 with text\/html/)
  answer = { status: 401, type: 'application/json', body: '{}' }
  assert.match(await said(), /it does not let us in \(401\): see metrics\.remote\.auth/)
  answer = { status: 422, type: 'application/json', body: '{"status":"error","errorType":"execution"}' }
  assert.equal(await said(), answer.body)
  server.closeAllConnections()
  server.close()
  await new Promise((resolve) => void server.once('close', resolve))
  const { status, body } = await settings.ask({ route: 'query', name: '', params: 'query=up' })
  assert.equal(status, 503)
  assert.match(Buffer.from(body).toString(), /did not answer: it cannot be reached: /)
})

const tandemTs = (metrics: string): string =>
  `import { tandem } from 'tandem'\nexport default tandem({ metrics: { ${metrics} } })\n`

async function tryHub(t: TestContext, files: Readonly<Record<string, string>>) {
  const project = await scratchProject(files)
  t.after(() => project[Symbol.asyncDispose]())
  const [heeded, told]: [Settings[], string[]] = [[], []]
  let known: TeamConfig | null = null
  const settings = settingsOfHub({
    projectDir: project.dir,
    thread: {
      ask: async () => here,
      heed: async (said) => void heeded.push(said),
      status: async () => ({ far: null, rules: null }),
    },
    config: async () => {
      // As the hub does it: what was read last stays while something is wrong.
      known = await loadConfig(project.dir).then(
        ({ config }) => config,
        () => known,
      )
      if (known === null) throw new Error('tandem.ts cannot be read')
      return known
    },
    secrets: async () => new Map([['TOKEN', 'secret']]),
    tell: (line) => told.push(line),
  })
  return {
    settings,
    heeded,
    told,
    write: (name: string, text: string) => writeFile(join(project.dir, name), text),
  }
}
