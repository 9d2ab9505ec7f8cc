import type { Args } from '../args.ts'
import { isCompared, showKey } from './key-shown.ts'
import { remoteHostNamed } from './named.ts'
import { projectNeeded } from '../hub/reach/project.ts'
import { paintFor } from '../../words/paint.ts'
import type { World } from '../world.ts'

/** `tandem host accept NAME`: pins the key that a host shows now. */
export async function acceptCommand(args: Args, world: World, name: string): Promise<number> {
  const { via } = await remoteHostNamed(name, args, world)
  const { learnHostKey } = await import('../../remote/host-key.ts')
  const learnt = await learnHostKey(via.address, via.port)
  const { key, fingerprint } = learnt
  const isJson = args.has('json')
  const paint = paintFor(world.screen())
  if (via.hostKey === key) {
    if (isJson) world.out(JSON.stringify({ host: name, key, fingerprint, pinned: key }))
    else world.out(`${paint.good('✓')} ${name} has the key that tandem.ts pins: ${fingerprint}`)
    return 0
  }
  const isOnlyShown = args.has('print') || (isJson && !args.has('yes'))
  if (!isJson) {
    if (via.hostKey !== null)
      world.out(
        paint.bad(`${name} shows another key than tandem.ts pins. if nobody set it up anew, stop here`),
      )
    showKey(world, `${name} at ${via.address}:${via.port}`, learnt)
    if (isOnlyShown || world.input.isTTY !== true)
      world.out(`the line at ${name} in tandem.ts:\n\n  hostKey: '${key}',\n`)
  }
  if (isOnlyShown) {
    if (isJson) world.out(JSON.stringify({ host: name, key, fingerprint, pinned: via.hostKey }))
    return 0
  }
  if (!(await isCompared(args, world, name))) {
    world.err('nothing was written, and nothing will connect to it')
    return 1
  }
  const { alterHost } = await import('../../config/edit/add-host.ts')
  const file = await alterHost(projectNeeded(args, world), name, { hostKey: key })
  if (isJson) world.out(JSON.stringify({ host: name, key, fingerprint, pinned: key, file }))
  else world.out(`${paint.good('✓')} pinned in ${file}: commit it`)
  return 0
}
