import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const SWITCH = '/proc/sys/net/ipv4/ip_forward'

/** Lets this machine forward packets for the labs, and notes in file how it was before the first of them. */
export function forwardPackets(file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  if (!existsSync(file)) writeFileSync(file, readFileSync(SWITCH))
  writeFileSync(SWITCH, '1')
}

/** Sets forwarding back to what it was; for when the last lab has gone. */
export function restoreForwarding(file: string): void {
  if (!existsSync(file)) return
  writeFileSync(SWITCH, readFileSync(file))
  rmSync(file)
}
