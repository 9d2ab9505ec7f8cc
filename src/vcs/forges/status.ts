import type { Run } from '../../store/runs.ts'

/** What a commit is told on its forge. */
export type CommitStatus = Readonly<{
  /** What tells it from the others of the same commit: `tandem/ci`. */
  context: string
  state: 'pending' | 'success' | 'failure'
  text: string
  /** The page of the hub that has the details; null where there is none. */
  path: string | null
}>

/** The plan of an infrastructure, or that there could be none. */
export type PlanSummary = Readonly<{
  type: 'plan'
  /** One line: `3 changes on 2 hosts`. */
  text: string
  state: CommitStatus['state']
  path: string | null
}>

/** What would go live with a commit. */
export type LivePreview = Readonly<{
  type: 'preview'
  app: string
  environment: string
  /** Commits that it has and what is live has not; null where nothing is live. */
  ahead: number | null
  /** Commits that are live and it has not. */
  behind: number
}>

/** A release that has come to where people use it. */
export type LiveNews = Readonly<{
  type: 'live'
  app: string
  environment: string
  hosts: number
  path: string
  state: CommitStatus['state']
}>

/** What a commit is told of a run on it, of the plan for it, or of where it is live. */
export function statusOf(about: Run | PlanSummary | LivePreview | LiveNews): CommitStatus {
  if ('jobs' in about) return statusOfRun(about)
  switch (about.type) {
    case 'plan':
      return { context: 'tandem/plan', state: about.state, text: about.text, path: about.path }
    case 'preview':
      return previewStatus(about)
    case 'live':
      return liveStatus(about)
  }
}

function statusOfRun(run: Run): CommitStatus {
  const said = { context: 'tandem/ci', path: `/runs/${run.id}` }
  const failed = run.jobs.filter(({ outcome }) => outcome === 'failed' || outcome === 'timed out')
  switch (run.outcome) {
    case null: {
      const busy = run.jobs.filter(({ status }) => status === 'running').map(({ name }) => name)
      return { ...said, state: 'pending', text: busy.length === 0 ? 'waiting' : `running ${busy.join(', ')}` }
    }
    case 'passed':
      return { ...said, state: 'success', text: passedText(run) }
    case 'flaky':
      return { ...said, state: 'success', text: `${passedText(run)}, one only when run again` }
    case 'failed':
    case 'timed out': {
      const names = failed.map(({ name, outcome }) => `${name} ${outcome}`).join(', ')
      return { ...said, state: 'failure', text: run.trouble?.what ?? (names === '' ? run.outcome : names) }
    }
    case 'cancelled': {
      const by = run.supersededBy === null ? 'cancelled' : `${run.supersededBy} is newer`
      return { ...said, state: 'failure', text: by }
    }
    case 'skipped':
    case 'lost':
      return { ...said, state: 'failure', text: run.trouble?.what ?? run.outcome }
  }
}

function passedText({ jobs, orderedAt, endedAt }: Run): string {
  if (jobs.length === 0) return 'it has no jobs'
  const seconds = Math.max(1, Math.round(((endedAt ?? orderedAt) - orderedAt) / 1_000))
  return `${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'} passed in ${seconds} s`
}

function previewStatus({ app, environment, ahead, behind }: LivePreview): CommitStatus {
  const place = `${app} in ${environment}`
  const old = behind === 0 ? '' : `, without ${commits(behind)} that ${behind === 1 ? 'is' : 'are'} live`
  const text =
    ahead === null
      ? `would be the first release of ${place}`
      : ahead === 0
        ? `brings nothing new to ${place}${old}`
        : `would bring ${commits(ahead)} to ${place}${old}`
  return { context: `tandem/preview/${app}@${environment}`, state: 'success', text, path: null }
}

function liveStatus({ app, environment, hosts, path, state }: LiveNews): CommitStatus {
  const place = `${hosts} ${hosts === 1 ? 'host' : 'hosts'}`
  const text =
    state === 'success'
      ? `live on ${place}`
      : state === 'pending'
        ? `on its way to ${place}`
        : 'did not go live'
  return { context: `tandem/live/${app}@${environment}`, state, text, path }
}

const commits = (count: number): string => (count === 1 ? '1 commit' : `${count} commits`)
