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
export type { NameWish, StatsdWish, WireWish } from './metrics/wires-wish.ts'
export type { GraphPageWish, PanelWish, QueryWish } from './metrics/graph-pages-wish.ts'
export type { RemoteWish } from './metrics/remote-wish.ts'
export type { AppMetricsWish, MetricsWish, ScrapeWish, TargetWish } from './metrics/wish.ts'
export type { CiWish, ForgeWish, JobWish, RepoWish } from './repo/wish.ts'
export type { Facts, Recipe, RecipeHost, RecipeResource, Resources, Var, Vars } from './infra/recipe-wish.ts'

/** Says that an object is the configuration of a team, so that editors complete and check it: `export default tandem({…})`. */
export function tandem(wish: TeamWish): TeamWish {
  return wish
}
