/**
 * `@tandem/sdk`: flags, decided inside your program. This entry has no input and no output and runs everywhere;
 * `@tandem/sdk/server` keeps flags up to date from a hub, `@tandem/sdk/web` is for browsers.
 */
export { type Details, Flags, flagsOf, type Restore } from './flags.ts'
export { type Explanation } from './evaluate/explain.ts'
export { type ErrorCode, type Reason, type Resolution } from './evaluate/outcome.ts'
export { type Count, type Edit } from './evaluate/table.ts'
export { mistakesOfFlag, mistakesOfSegment } from './flag/check-flag.ts'
export { mistakesOfSet } from './flag/check-set.ts'
export { said, type Mistake } from './flag/mistake.ts'
export {
  type About,
  type Condition,
  type Context,
  type Flag,
  type FlagSet,
  type FlagType,
  type HashName,
  type Json,
  type Rule,
  type Segment,
  type Share,
  type Split,
} from './flag/flag.ts'
