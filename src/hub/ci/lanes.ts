import type { Json } from '../../change/json.ts'
import type { TeamConfig, When } from '../../config/config.ts'
import type { FreezeConfig } from '../../config/repo/repo.ts'
import { targetOf } from '../../deploy/deployment.ts'
import { infraTarget } from '../../infra/infra-world.ts'
import { trunkOf } from '../../vcs/repository.ts'

/** A branch, and the target that it goes to. */
export type Lane = Readonly<{
  target: string
  repo: string
  branch: string
  when: When
  freeze: readonly FreezeConfig[]
  zone: string | null
  /** The kind of change that brings a commit there, and what is wished of it. */
  kind: string
  wishOf: (commit: string) => Json
  /** Nothing goes before its plan was made, and only if that does something. */
  isPlanned: boolean
}>

/** Every target that a branch can go to, whether by itself or not. */
export function lanesOf(team: TeamConfig): readonly Lane[] {
  const ofApps = Object.entries(team.apps).flatMap(([app, { repo, environments }]) =>
    Object.entries(environments).map(([environment, { branch, deploy: when, freeze, zone }]) => ({
      target: targetOf(app, environment),
      repo,
      branch,
      when,
      freeze,
      zone,
      kind: 'deploy',
      wishOf: (commit: string) => ({ app, environment, ref: commit }),
      isPlanned: false,
    })),
  )
  return [...ofApps, ...laneOfInfra(team)]
}

function laneOfInfra({ infra, repos }: TeamConfig): readonly Lane[] {
  const { repo, apply: when, freeze, zone } = infra
  const config = repo === null ? undefined : repos[repo]
  if (repo === null || config === undefined) return []
  return [
    {
      target: infraTarget,
      repo,
      branch: trunkOf(config),
      when,
      freeze,
      zone,
      kind: 'apply',
      wishOf: (commit) => ({ do: 'recipes', commit }),
      isPlanned: true,
    },
  ]
}

/** What the ledger calls a target that is held: a name that no repository has, which may well be called `infra`. */
export const heldAs = (target: string): string => (target.includes('@') ? target : `@${target}`)

/** Where branches go by themselves. */
export const onGreen = (team: TeamConfig): readonly Lane[] =>
  lanesOf(team).filter(({ when, repo }) => when === 'on green' && team.repos[repo] !== undefined)
