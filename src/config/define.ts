import type { TeamWish } from './wish.ts'

export type {
  AppWish,
  EnvironmentWish,
  GroupWish,
  HostWish,
  InfraWish,
  PersonWish,
  TeamWish,
} from './wish.ts'
export type { NameWish, StatsdWish, WireWish } from './wires-wish.ts'
export type { GraphPageWish, PanelWish, QueryWish } from './graph-pages-wish.ts'
export type { RemoteWish } from './remote-wish.ts'
export type { AppMetricsWish, MetricsWish, ScrapeWish, TargetWish } from './metrics-wish.ts'
export type { CiWish, ForgeWish, JobWish, RepoWish } from './repo-wish.ts'
export type { Facts, Recipe, RecipeHost, RecipeResource, Resources, Var, Vars } from './recipe-wish.ts'

/** Says that an object is the configuration of a team, so that editors complete and check it: `export default tandem({…})`. */
export function tandem(wish: TeamWish): TeamWish {
  return wish
}
