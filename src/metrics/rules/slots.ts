import { crc32 } from 'node:zlib'
import type { RuleGroup } from './rule.ts'

/**
 * When a group is evaluated: at times one interval apart, moved by a part of it that is another for each group, so that
 * not all begin at once. Always the same for a group, so that a restart leaves no gap.
 */
export function slotAt(group: RuleGroup, intervalMs: number, nowMs: number): number {
  const offsetMs = crc32(`${group.file}\0${group.name}`) % intervalMs
  return Math.floor((nowMs - offsetMs) / intervalMs) * intervalMs + offsetMs
}
