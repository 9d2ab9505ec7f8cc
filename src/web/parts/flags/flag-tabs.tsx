import { flagsAddress, segmentsAddress } from '../../state/flags/route.ts'

type Tabs = Readonly<{ environment: string; chosen: 'flags' | 'segments' }>

/** Flags, and the groups of people that their rules name. */
export function FlagTabs({ environment, chosen }: Tabs) {
  const mark = (tab: string) => (tab === chosen ? 'page' : undefined)
  return (
    <ul class="tabs" aria-label="parts of flags">
      <li>
        <a href={flagsAddress(environment, '')} aria-current={mark('flags')}>
          Flags
        </a>
      </li>
      <li>
        <a href={segmentsAddress(environment)} aria-current={mark('segments')}>
          Segments
        </a>
      </li>
    </ul>
  )
}
