import { text } from '../../config/values/wanted.ts'

/** The sorts of units that people write or switch. */
export const unitSuffixes = [
  '.service',
  '.timer',
  '.socket',
  '.path',
  '.mount',
  '.automount',
  '.swap',
  '.target',
  '.slice',
] as const

const suffix = `(?:${unitSuffixes.map((one) => `\\${one}`).join('|')})`

/** With its suffix, as systemd takes it. */
export const unitName = text(
  "the name of a unit with its suffix, such as 'backup.service'",
  new RegExp(`^(?=.{1,255}$)[A-Za-z0-9_:.\\\\-]+(?:@[A-Za-z0-9_:.\\\\-]*)?${suffix}$`),
)

/** What may be started again for new settings without anybody losing more than the unit itself. */
export const mayRestart = (unit: string): boolean =>
  /\.(?:service|timer|socket|path)$/.test(unit) && !isTemplate(unit)

/** `worker@.service` is what units are made of and none itself. */
export const isTemplate = (unit: string): boolean => /@\.[a-z]+$/.test(unit)
