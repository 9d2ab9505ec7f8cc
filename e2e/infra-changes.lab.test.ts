import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { labNeeds } from '../lab/needs.ts'
import { sayOf } from './lab/host-look.ts'
import { moved, treeOf } from './lab/host-tree.ts'
import { type InfraStory, openInfraStory } from './lab/infra-story.ts'
import { must } from './lab/story.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

const site = (answer: string): string =>
  `server { listen 8081; location / { return 200 "${answer}\\\\n"; } }\\n`

/** A package, a file in its folder, an edit of a file that it brings, its unit. */
const nginx = (answer: string, rest = ''): string => `
  const nginx = apt('nginx-light')
  const site = file('/etc/nginx/conf.d/site.conf', { content: '${site(answer)}', mode: '0640', after: nginx })
  const workers = line('/etc/nginx/nginx.conf', {
    line: 'worker_processes 2;', replaces: '^worker_processes ', after: nginx,
  })
  return [
    nginx, site, workers,
    service('nginx', { running: true, enabled: true, restartOn: [site, workers] }),
    ${rest}
  ]`

describe('an infrastructure that changes', { skip, concurrency: 1 }, () => {
  let story: InfraStory
  let fresh: readonly (readonly string[])[]
  const trees = () => Promise.all(story.lab.hosts.map((host) => treeOf(host)))
  const restarts = (): Promise<readonly number[]> =>
    Promise.all(
      story.lab.hosts.map(async (host) => {
        const said = await sayOf(host, 'journalctl', '-u', 'nginx', '-o', 'cat', '--no-pager')
        return said.split('\n').filter((line) => line.startsWith('Started nginx.service')).length
      }),
    )
  const answers = () =>
    Promise.all(
      story.lab.hosts.map(async ({ address }) =>
        (await (await fetch(`http://${address}:8081/`)).text()).trim(),
      ),
    )

  before(async () => {
    story = await openInfraStory({ hosts: 2 })
    await Promise.all(story.lab.hosts.map((host) => sayOf(host, 'apt-get', '-q', 'update')))
    fresh = await trees()
  })
  after(() => story.close())

  test('plans a chain on hosts that have nothing of it, and says what it cannot know yet', async () => {
    await story.say(nginx('one'))
    const { out } = must(await story.run(['plan']))
    assert.match(out, /\+ {3}apt nginx-light \(web\.ts:3:15\)/)
    assert.match(out, /\+ {3}file \/etc\/nginx\/conf\.d\/site\.conf/)
    assert.match(out, /line \/etc\/nginx\/nginx\.conf.*\n.*not known yet: planned when the rest is done/)
    assert.deepEqual(await trees(), fresh, 'a plan changed something')
  })

  test('applies it in one go, edits what the package brought, and rests', async () => {
    const out = await story.applied('--why', 'a web server')
    assert.match(out, /c1 done: .*undo: tandem revert c1/)
    assert.deepEqual(await answers(), ['one', 'one'])
    for (const host of story.lab.hosts) {
      assert.equal(await sayOf(host, 'grep', '-c', '^worker_processes 2;$', '/etc/nginx/nginx.conf'), '1')
      assert.equal(await sayOf(host, 'stat', '-c', '%a %U', '/etc/nginx/conf.d/site.conf'), '640 root')
    }
    await story.rests()
  })

  test('restarts a unit once for what it reads, and for nothing else', async () => {
    const first = await restarts()
    await story.say(nginx('two'))
    await story.applied()
    assert.deepEqual(await answers(), ['two', 'two'])
    assert.deepEqual(
      await restarts(),
      first.map((count) => count + 1),
    )
    await story.rests()
    assert.deepEqual(
      await restarts(),
      first.map((count) => count + 1),
    )
  })

  test('does not lose a restart when a later resource fails, and restarts once when that is mended', async () => {
    const first = await restarts()
    await story.say(
      nginx('four', `exec('a step that fails', { command: 'echo no luck >&2; exit 7', check: 'false' })`),
    )
    const failed = await story.run(['apply'])
    assert.equal(failed.code, 3)
    assert.match(failed.out, /exec a step that fails \(web\.ts:\d+:\d+, operation \d+\)/)
    assert.match(failed.out, /no luck/)
    assert.deepEqual(await answers(), ['two', 'two'])
    const undone = await restarts()
    await story.say(nginx('four'))
    await story.applied()
    assert.deepEqual(await answers(), ['four', 'four'])
    const [now] = await restarts()
    assert.equal(now, (undone[0] ?? 0) + 1)
    assert.equal(
      (await restarts())[1],
      (first[1] ?? 0) + 1,
      'the host behind the canary was touched by the failure',
    )
    await story.rests()
  })

  test('takes changes back one after the other: bytes, modes, packages and units', async () => {
    must(await story.run(['revert']))
    assert.deepEqual(await answers(), ['two', 'two'])
    let last = ''
    for (let turn = 0; turn < 5; turn++) {
      const ran = await story.run(['revert'])
      last = ran.out + ran.err
      if (ran.code !== 0) break
    }
    assert.match(last, /there is no finished change to take back/)
    for (const host of story.lab.hosts) {
      assert.equal((await host.exec(['dpkg', '-s', 'nginx-light'])).code, 1)
      assert.equal((await host.exec(['test', '-e', '/etc/nginx/conf.d/site.conf'])).code, 1)
      const workers = await sayOf(host, 'sh', '-c', 'cat /etc/nginx/nginx.conf 2>/dev/null; true')
      assert.doesNotMatch(workers, /worker_processes 2/)
    }
  })

  test('takes away what came along with a package as well, and leaves their configuration in /etc', async () => {
    const left = (await trees()).flatMap((tree, nth) => moved(fresh[nth] ?? [], tree))
    assert.ok(left.length > 0)
    for (const line of left) assert.match(line, /^\+ \/etc\/.*nginx/)
    for (const host of story.lab.hosts) {
      assert.equal(
        await sayOf(
          host,
          'sh',
          '-c',
          "dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | grep '^.i.*nginx' || true",
        ),
        '',
      )
    }
  })

  test('finds what somebody altered by hand, says when and by what, and mends only that', async () => {
    await story.say(nginx('two'))
    await story.applied()
    const [h1] = story.lab.hosts
    await sayOf(
      h1!,
      'sh',
      '-c',
      'echo "# mine" >>/etc/nginx/conf.d/site.conf; chmod 644 /etc/nginx/conf.d/site.conf',
    )
    await sayOf(h1!, 'sh', '-c', 'systemctl -q disable --now nginx 2>/dev/null')
    const drift = await story.run(['drift'])
    assert.equal(drift.code, 1)
    assert.match(drift.out, /h1 differs in 2 of 4 resources/)
    assert.match(drift.out, /file \/etc\/nginx\/conf\.d\/site\.conf +web\.ts:4:16 +host moved/)
    assert.match(drift.out, /- # mine/)
    assert.match(drift.out, /mode 0644 -> 0640/)
    assert.match(drift.out, /written at \d{4}-\d\d-\d\d \d\d:\d\d, by the clock of the host/)
    assert.match(drift.out, /service nginx.*host moved/)
    assert.match(drift.out, /h2 is as its recipes say/)
    await story.say(nginx('three'))
    const mended = await story.applied('--drift')
    assert.match(mended, /apply to h1: /)
    assert.deepEqual(
      await answers(),
      ['three', 'two'],
      'what is the same file is written as the recipe has it',
    )
    await story.applied()
    await story.rests()
  })

  test('mends in a later round what a package brings that was purged, and leaves what is new in the recipe', async () => {
    const [h1] = story.lab.hosts
    await sayOf(h1!, 'sh', '-c', 'apt-get -y -q purge nginx-light nginx-common >/dev/null 2>&1')
    assert.equal((await h1!.exec(['test', '-e', '/etc/nginx/nginx.conf'])).code, 1)
    await story.say(
      nginx(
        'three',
        `file('/etc/story-new', { content: 'new' }), line('/etc/nginx/nginx.conf', { line: '# story-new', after: nginx }),`,
      ),
    )
    const mended = await story.applied('--drift')
    assert.match(mended, /apply to h1: /)
    assert.doesNotMatch(mended, /story-new/)
    assert.equal((await answers())[0], 'three')
    const conf = await sayOf(h1!, 'cat', '/etc/nginx/nginx.conf')
    assert.match(conf, /^worker_processes 2;$/m)
    assert.equal((await h1!.exec(['test', '-e', '/etc/story-new'])).code, 1)
    await story.say(nginx('three'))
    await story.applied()
    await story.rests()
  })
})
