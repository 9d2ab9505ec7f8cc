import type { ChangeId } from '../src/change/order.ts'
import type { Entry } from '../src/change/entry.ts'
import { openTrial, type Trial } from '../e2e/lab/trial.ts'
import { interleavedIn, outOfOrderIn } from './lib/line-faults.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom } from './lib/words.ts'
import { rounded } from './lib/figures.ts'

export type LineFigures = Readonly<{
  orders: number
  done: number
  interleaved: number
  out_of_order: number
}>

/** People who deploy at once: half of them by the command, half through the API, each a commit of their own. */
export async function measureLine(trial: Trial, people: number): Promise<LineFigures> {
  const commits = await commitEach(trial, people)
  const byCommand = commits.slice(0, Math.ceil(people / 2))
  const byApi = commits.slice(byCommand.length)
  const [codes, ended] = await Promise.all([
    Promise.all(byCommand.map((commit) => deployByCommand(trial, commit))),
    Promise.all(byApi.map((commit) => deployByApi(trial, commit))),
  ])
  const done = [...codes, ...ended].filter((isDone) => isDone).length
  const { entries, orders } = await ledgerOf(trial)
  return { orders, done, interleaved: interleavedIn(entries), out_of_order: outOfOrderIn(entries) }
}

async function commitEach({ project }: Trial, people: number): Promise<readonly string[]> {
  const commits: string[] = []
  for (let nth = 1; nth <= people; nth++) {
    commits.push(await project.repo.commit({ 'release.txt': `of person ${nth}\n` }))
  }
  return commits
}

async function deployByCommand(trial: Trial, commit: string): Promise<boolean> {
  const { code, err, out } = await trial.command(['deploy', 'shop', commit, '--why', 'by the command'])
  if (code !== 0) console.log(`a command ended with ${code}: ${err.slice(-400)} ${out.slice(-400)}`)
  return code === 0
}

async function deployByApi(trial: Trial, commit: string): Promise<boolean> {
  const id: ChangeId = await trial.order(commit, 'through the API')
  const status = await trial.ended(id, 600_000)
  if (status !== 'done') console.log(`${id} ended ${status}`)
  return status === 'done'
}

async function ledgerOf(trial: Trial): Promise<Readonly<{ entries: readonly Entry[]; orders: number }>> {
  const { entries: count } = await trial.client().call('GET /api/verify')
  await trial.follower.until('the last entry', ({ entry }) => entry.seq >= count, 30_000)
  const entries = trial.follower.heard().map(({ entry }) => entry)
  return { entries, orders: entries.filter(({ type }) => type === 'ordered').length }
}

async function main(): Promise<void> {
  const { people, hosts } = numbersFrom(process.argv.slice(2), { people: 50, hosts: 1 })
  const trial = await openTrial({ hosts })
  try {
    const began = performance.now()
    const figures = await measureLine(trial, people)
    const seconds = (performance.now() - began) / 1000
    console.log(
      table([
        ['what', 'figure'],
        ['people', people],
        ['hosts', hosts],
        ['all in (s)', rounded(seconds)],
        ['each (s)', rounded(seconds / people)],
        ...Object.entries(figures),
      ]),
    )
    console.log(load())
    if (trial.hub.said !== '') console.log(`the hub said: ${trial.hub.said}`)
    console.log(JSON.stringify(figures))
  } finally {
    await trial.close()
  }
}

if (import.meta.main) await main()
