import type { ResourceSort } from './resource.ts'

/** Every sort of resource there is: a new one is a file in `resources/` and a line here. */
const all: readonly ResourceSort<unknown>[] = []

/** By the word in recipes. */
export const sorts: ReadonlyMap<string, ResourceSort<unknown>> = new Map(all.map((sort) => [sort.type, sort]))
