import { bulk } from './bulk.ts'
import type { Hostile } from './ground.ts'
import { programs } from './programs.ts'
import { trees } from './trees.ts'
import { words } from './words.ts'

/** The corpus: each of them is a repository. */
export const corpus: readonly Hostile[] = [...programs, ...trees, ...words, ...bulk]
