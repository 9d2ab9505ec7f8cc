import type { Intake } from '../intake.ts'
import { openFetcher } from './fetch.ts'
import type { ScrapeDeed, TargetState } from './plan.ts'
import { openScrapeLoop } from './scrape-loop.ts'
import { Scrapes } from './scrapes.ts'

export type ScrapingWorld = Readonly<{
  intake: Intake
  /** Our own, as targets are told. */
  version: string
  now: () => number
  /** Called for what is a bug of ours. */
  broke: (thrown: unknown) => void
  /** Whether people mend that, and not we: a disk that is full. */
  isOfDisk: (thrown: unknown) => boolean
}>

/** Asking targets, and taking in what was asked by others. It lives where samples are taken in. */
export type Scraping = Readonly<{
  do: (deed: ScrapeDeed) => null
  states: () => readonly TargetState[]
  close: () => void
}>

export function openScraping({ intake, version, now, broke, isOfDisk }: ScrapingWorld): Scraping {
  const scrapes = new Scrapes(intake)
  // What the disk does not take is told by the state of the target, and asked for again in a moment.
  const orTell = (work: () => void): void => {
    try {
      work()
    } catch (thrown) {
      if (!isOfDisk(thrown)) broke(thrown)
    }
  }
  const record = (scraped: Parameters<Scrapes['record']>[0]): void => orTell(() => scrapes.record(scraped))
  const loop = openScrapeLoop({ fetcher: openFetcher(), version, now, record, broke })
  return {
    do: (deed) => {
      switch (deed.type) {
        case 'targets':
          orTell(() => scrapes.set(deed.plans, deed.atMs))
          loop.set(deed.plans)
          return null
        case 'scraped':
          record(deed.scraped)
          return null
        case 'waits':
          scrapes.wait(deed.id, deed.why)
          return null
      }
    },
    states: () => scrapes.states(),
    close: () => loop.close(),
  }
}
