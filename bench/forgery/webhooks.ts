import { isAside } from '../../src/change/occurrence.ts'
import { openStore } from '../../src/store/open.ts'
import { type Sender, type Sent, sentPush } from '../../src/vcs/forges/webhook-sender.ts'
import type { Random } from '../../lab/random.ts'
import { until } from '../../e2e/lab/until.ts'
import type { Followed, FollowedTeam } from './followed-team.ts'
import { forge, replayOf } from './forged.ts'
import { addressOf, post } from './post.ts'

export type WebhookFigures = Readonly<{
  forged: number
  effects: number
  replays: number
  second_effects: number
}>

type Asked = Readonly<{ forged: number; replays: number; genuine: number }>
type Genuine = Readonly<{ followed: Followed; sender: Sender; sent: Sent }>

/** Forged webhooks, then real ones, then copies of those, to a hub that is killed and started again among them. */
export async function measureWebhooks(
  team: FollowedTeam,
  asked: Asked,
  random: Random,
): Promise<WebhookFigures> {
  await untilSeen(team)
  const effects = await sendForged(team, asked.forged, random)
  const genuine = await sendGenuine(team, asked.genuine)
  const second = await sendReplays(team, genuine, asked.replays)
  return { forged: asked.forged, effects, replays: asked.replays, second_effects: second }
}

/** Every forge was looked at. When it was not, the hub says why: a look that fails is tried again after half a minute. */
async function untilSeen(team: FollowedTeam): Promise<void> {
  const seen = async () => new Set((await pushes(team)).map(({ about }) => about)).size
  await until(
    'the first look at every forge',
    async () => (await seen()) === team.followed.length,
    120_000,
  ).catch(async (thrown: unknown) => {
    throw new Error(`${await seen()} of ${team.followed.length} seen; the hub said: ${team.hub.said}`, {
      cause: thrown,
    })
  })
}

async function sendForged(team: FollowedTeam, count: number, random: Random): Promise<number> {
  const before = await traces(team)
  const answers = new Map<string, number>()
  const port = portOf(team)
  for (let nth = 0; nth < count; nth += 1) {
    const followed = team.followed[nth % team.followed.length]
    if (followed === undefined) throw new Error('somebody is followed')
    const others = team.followed.filter(({ secret }) => secret !== followed.secret)
    const push = { ref: `refs/heads/forged-${nth}`, from: null, to: hashOf(nth), login: 'mallory' }
    const draw = {
      repo: followed.repo,
      sender: { ...followed, at: Date.now() },
      push,
      otherSecret: random.pick(others).secret,
      random,
    }
    const { how, path, sent } = forge(Math.floor(nth / team.followed.length), draw)
    const { status } = await post(port, path, sent, addressOf(nth))
    const refused = status === 401 || status === 404
    if (!refused) console.log(`${how}: answered ${status}`)
    answers.set(String(status), (answers.get(String(status)) ?? 0) + 1)
  }
  const told = [...answers].map(([status, times]) => `${times} of ${status}`).join(', ')
  console.log(`${count} forged webhooks: answers ${told}`)
  const accepted = [...answers]
    .filter(([status]) => status.startsWith('2'))
    .reduce((sum, [, times]) => sum + times, 0)
  return accepted + grown(team, { before, after: await traces(team), starts: 0 })
}

/** Real pushes to the forges, each told by a webhook: what has no effect at all would pass every other check. */
async function sendGenuine(team: FollowedTeam, count: number): Promise<readonly Genuine[]> {
  const known = (await pushes(team)).length
  const sent: Genuine[] = []
  for (let nth = 0; nth < count; nth += 1) {
    const followed = team.followed[nth % team.followed.length]
    if (followed === undefined) throw new Error('somebody is followed')
    const ref = `refs/heads/real-${nth}`
    const to = followed.forge.commit(ref, { 'a.txt': `${nth}\n` })
    const sender = { ...followed, at: Date.now() }
    const webhook = sentPush(sender, { ref, from: null, to, login: 'ada' })
    const { status } = await post(portOf(team), `/hooks/${followed.repo}`, webhook, addressOf(nth))
    if (status !== 202) throw new Error(`a real webhook of ${followed.repo} was answered ${status}`)
    sent.push({ followed, sender, sent: webhook })
  }
  await until(
    'every real push in the ledger',
    async () => (await pushes(team)).length === known + count,
    120_000,
  )
  console.log(`${count} real pushes, each told by its webhook, are in the ledger once`)
  return sent
}

async function sendReplays(team: FollowedTeam, genuine: readonly Genuine[], count: number): Promise<number> {
  const before = await traces(team)
  const half = Math.floor(count / 2)
  let accepted = 0
  for (let nth = 0; nth < count; nth += 1) {
    if (nth === half) {
      await team.hub.kill()
      await team.hub.start()
    }
    const one = genuine[nth % genuine.length]
    if (one === undefined) throw new Error('there were real ones')
    const copy = replayOf(Math.floor(nth / genuine.length), one.sent, one.sender)
    const path = `/hooks/${one.followed.repo}`
    const both = await Promise.all([
      post(portOf(team), path, copy, addressOf(nth)),
      ...(nth % 10 === 0 ? [post(portOf(team), path, copy, addressOf(nth + 1))] : []),
    ])
    accepted += both.filter(({ status }) => status === 202).length
    for (const { status } of both) if (status !== 200) console.log(`a copy was answered ${status}`)
  }
  console.log(`${count} copies of them, half after kill -9 of the hub: ${accepted} were acted on`)
  return accepted + grown(team, { before, after: await traces(team), starts: 1 })
}

/** What webhooks leave behind where they are believed: entries of the ledger, and looks at the forge. */
type Traces = Readonly<{ pushes: number; forged: number; looks: number; at: number }>

const lookEveryMs = 30_000

async function traces(team: FollowedTeam): Promise<Traces> {
  const all = await pushes(team)
  const looks = team.followed.map(
    ({ forge: { asked } }) => asked.filter((line) => line.includes('info/refs')).length,
  )
  return {
    pushes: all.length,
    forged: all.filter(({ ref }) => ref.includes('forged')).length,
    looks: looks.reduce((sum, each) => sum + each, 0),
    at: Date.now(),
  }
}

/** The hub looks at each forge from time to time anyway, and when it starts. */
function grown(
  team: FollowedTeam,
  { before, after, starts }: Readonly<{ before: Traces; after: Traces; starts: number }>,
): number {
  const own = Math.floor((after.at - before.at) / lookEveryMs) + 1 + starts
  const extra = Math.max(0, after.looks - before.looks - own * team.followed.length)
  return after.pushes - before.pushes + after.forged + extra
}

async function pushes({
  stateDir,
}: FollowedTeam): Promise<readonly Readonly<{ about: string; ref: string }>[]> {
  const store = await openStore(stateDir)
  try {
    const written = await store.ledger.since(0, 100_000)
    return written.flatMap((one) =>
      isAside(one) && one.type === 'pushed' ? [{ about: one.about, ref: one.ref }] : [],
    )
  } finally {
    await store.close()
  }
}

export const portOf = ({ hub }: Pick<FollowedTeam, 'hub'>): number => Number(new URL(hub.url).port)

const hashOf = (nth: number): string => nth.toString(16).padStart(40, '0')
