import type { ChangeId } from '../../../change/order.ts'
import { newestFirst } from '../../state/model.ts'
import { numberOf } from '../../state/reach.ts'
import { useModel } from '../hub.ts'

/** The last change that a host has had: of its infrastructure, or of an app that runs there. */
export const useLastOfHost = (host: string): ChangeId | null =>
  useModel(({ status }) => {
    const applied = status?.hosts.find((one) => one.host === host)?.applied?.change ?? null
    const deployed = (status?.apps ?? [])
      .filter(({ hosts }) => hosts.some((one) => one.host === host))
      .map(({ change }) => change)
    return newestOf([applied, ...deployed])
  })

/** The last change of an app in an environment, whether or not it went well. */
export const useLastOfTarget = (target: string): ChangeId | null =>
  useModel((model) => {
    const live = model.status?.apps.find((app) => app.target === target)?.change ?? null
    const heard = [...model.changes.values()].filter((change) => change.target === target).map(({ id }) => id)
    return newestOf([live, ...heard])
  })

/** The last change of all. */
export const useLastOfAll = (): ChangeId | null =>
  useModel((model) => newestFirst(model, null)[0]?.id ?? null)

const newestOf = (ids: readonly (ChangeId | null)[]): ChangeId | null =>
  ids.filter((id) => id !== null).toSorted((a, b) => numberOf(b) - numberOf(a))[0] ?? null
