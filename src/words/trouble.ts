import type { Trouble } from '../change/trouble.ts'
import { type Paint, tame } from './paint.ts'

const tailLines = 20

/** What, where, the last lines, and what to do now: always in this order. */
export function troubleText(trouble: Trouble, paint: Paint): string {
  const { what, now, where, host, exit, tail = [] } = trouble
  const place = [host, where, exit === undefined ? undefined : `exit ${exit}`]
    .filter((part) => part !== undefined && part !== '')
    .join(' · ')
  const left = tail.length - tailLines
  return [
    `${paint.bad('✗')} ${paint.bold(tame(what))}`,
    ...(place === '' ? [] : [`  ${paint.dim('where')} ${tame(place)}`]),
    ...(left > 0 ? [paint.dim(`  │ (${left} lines before)`)] : []),
    ...tail.slice(-tailLines).map((line) => `  ${paint.dim('│')} ${tame(line)}`),
    `  ${paint.dim('now')}   ${tame(now)}`,
  ].join('\n')
}
