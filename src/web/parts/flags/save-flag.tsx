import type { ComponentChildren } from 'preact'
import type { FlagView } from '../../../api/wire/flags.ts'
import type { Flag } from '../../../../sdk/flag/flag.ts'
import { ReachNote } from './reach-note.tsx'
import { SaveDefinition } from './save-definition.tsx'

type Save = Readonly<{
  title: string
  view: FlagView
  environment: string
  /** The flag as it is wanted; null while what is written is none. */
  wanted: Flag | null
  onClose: () => void
  children: ComponentChildren
}>

/** Saves another definition of a flag, and shows whom it would reach. */
export function SaveFlag({ title, view, environment, wanted, onClose, children }: Save) {
  const item = wanted === null ? null : { flag: view.key, to: wanted, base: view.rev }
  return (
    <SaveDefinition title={title} environment={environment} item={item} onClose={onClose}>
      {children}
      {wanted !== null && <ReachNote flag={view.key} environment={environment} wanted={wanted} />}
    </SaveDefinition>
  )
}
