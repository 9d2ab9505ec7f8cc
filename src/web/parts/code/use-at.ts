import { useModel } from '../hub.ts'

/** What a page of code is about, as the hub is asked: the ref of the address, else the trunk. */
export function useAt(repo: string, ref: string | null): string {
  const trunk = useModel(({ repos }) => repos?.find((one) => one.repo === repo)?.trunk ?? null)
  if (ref !== null) return ref
  return trunk === null ? 'HEAD' : `refs/heads/${trunk}`
}
