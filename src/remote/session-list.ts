import type { Run } from './remote.ts'
import { Session, type SessionPlan } from './session.ts'

/** The sessions of one remote that are under way. */
export type SessionList = Readonly<{
  follow: (plan: SessionPlan) => Run
  /** Stops following all of them. Programs go on. */
  leave: () => void
}>

export function openSessionList(): SessionList {
  const sessions = new Set<Session>()
  return {
    follow: (plan) => {
      const session = new Session(plan)
      sessions.add(session)
      const forget = (): void => void sessions.delete(session)
      session.run.ending.then(forget, forget)
      return session.run
    },
    leave: () => sessions.forEach((session) => session.leave()),
  }
}
