import type { Labels } from '../../src/metrics/labels.ts'
import type { WrittenSample } from '../../src/metrics/memory-source.ts'

/** A series that both engines are given. */
export type Written = { readonly labels: Labels; readonly samples: WrittenSample[] }
