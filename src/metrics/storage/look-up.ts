import type { Found, Selected, Selection } from '../source.ts'
import type { Admission } from './admission.ts'
import type { Shelf } from './block/shelf.ts'
import type { Head } from './head/head.ts'
import type { SeriesTable } from './head/series-table.ts'
import { asTheyLie, type Blocks, having, read, type Sought } from './reading.ts'
import { type Plan, planOf } from './rollup/plan.ts'
import { type OpenPart, readPlanned } from './rollup/read-planned.ts'
import type { Rollups } from './rollup/rollups.ts'
import { toldOf } from './rollup/told-of.ts'
import type { Span } from './window.ts'

export type LookUpWorld = Readonly<{
  table: SeriesTable
  admission: Admission
  shelf: Shelf
  blocks: Blocks
  rollups: Rollups
  head: Head
}>

/** Finds what is asked for: in memory, in blocks and, where these are gone or sums do as well, in rollups. */
export class LookUp {
  readonly #world: LookUpWorld

  constructor(world: LookUpWorld) {
    this.#world = world
  }

  select(selection: Selection): Selected {
    const warnings: string[] = []
    const opened = this.#open(selection, warnings)
    if (opened === null) return { runs: read(this.#sought(selection, [selection], warnings)), warnings }
    const { plan, parts } = opened
    const { rollups, blocks } = this.#world
    const { samples } = plan
    const sought = this.#sought(selection, samples, warnings, parts)
    const runs = readPlanned({
      sought,
      samples,
      parts,
      selection,
      allBlocks: () => blocks.within(selection, warnings),
      isBroken: ({ shelved }) => rollups.isBroken(shelved),
      answered: (part) => this.#tell(part, warnings),
    })
    return { runs, warnings }
  }

  /** The series that may have samples of these times, in no order. */
  find(selection: Selection): Found {
    const warnings: string[] = []
    const { plan, parts } = this.#open(selection, warnings) ?? { plan: { samples: [selection] }, parts: [] }
    const sought = this.#sought(selection, plan.samples, warnings, parts)
    const near = new Set(having(sought))
    const isRolled = (number: number): boolean => parts.some(({ rollup }) => rollup.hasOf(number, selection))
    const found = sought.series.filter(({ number, labels }) => near.has(labels) || isRolled(number))
    return { series: found.map(({ labels }) => labels), warnings }
  }

  #tell(part: OpenPart, warnings: string[]): void {
    const { rollups, shelf } = this.#world
    const since = { samplesMs: oldestOn(shelf), minutesMs: oldestOn(rollups.minutes.shelf) }
    const told = toldOf(part, since)
    if (!warnings.includes(told)) warnings.push(told)
  }

  /** What is to be read where; null where that is nothing but samples. */
  #open(
    selection: Selection,
    warnings: string[],
  ): Readonly<{ plan: Plan; parts: readonly OpenPart[] }> | null {
    const { rollups, shelf, head } = this.#world
    const whole = ({ blocks }: (typeof rollups.minutes)['shelf']): typeof blocks =>
      blocks.filter((shelved) => !rollups.isBroken(shelved))
    // They are in the order in which they were written.
    const windows = new Map(shelf.blocks.map(({ fromMs, nth }) => [fromMs, nth]))
    for (const layer of head.layers()) for (const fromMs of layer.windows()) windows.set(fromMs, Infinity)
    const plan = planOf(selection, {
      newestIn: (fromMs) => windows.get(fromMs) ?? null,
      minutes: whole(rollups.minutes.shelf),
      hours: whole(rollups.hours.shelf),
    })
    if (plan === null) return null
    const parts = plan.rolled.flatMap((part) => {
      const rollup = rollups.open(rollups[part.level], part.shelved, warnings)
      return rollup === null ? [] : [{ ...part, rollup }]
    })
    // What turns out to be broken is planned around.
    return parts.length < plan.rolled.length ? this.#open(selection, warnings) : { plan, parts }
  }

  #sought(
    { matchers, fromMs, toMs, onlyTimes = false }: Selection,
    spans: readonly Span[],
    warnings: string[],
    parts: readonly OpenPart[] = [],
  ): Sought {
    const { blocks, table, head, admission } = this.#world
    // First: blocks that are opened make their series known.
    const opened = new Map(
      spans.flatMap((span) => blocks.within(span, warnings).map((one) => [one.shelved, one] as const)),
    )
    const inOrder = [...opened.values()].toSorted((a, b) => a.shelved.nth - b.shelved.nth)
    const lying = [...inOrder.map(({ block }) => block), ...parts.map(({ rollup }) => rollup.file)]
    const series = asTheyLie(table.select(matchers), lying).map((number) => ({
      number,
      labels: admission.labelsOf(number),
    }))
    return { series, blocks: inOrder, layers: head.layers(), span: { fromMs, toMs, onlyTimes } }
  }
}

function oldestOn({ blocks }: Pick<Shelf, 'blocks'>): number {
  return Math.min(...blocks.map(({ fromMs }) => fromMs))
}
