import { z } from 'zod'
import { text } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { commandThing, fileThing, plain, shScript } from '../things/make.ts'
import { options } from './words.ts'

const wanted = "a number or a text, such as 10 or '4096 87380 6291456'"

const shape = options(
  {
    value: z
      .union([z.int(), text(wanted, /^[^\p{Cc}\p{Co}]*[^\p{Cc}\p{Co}\s][^\p{Cc}\p{Co}]*$/u)], {
        error: wanted,
      })
      .transform((value) => String(value).trim().replaceAll(/\s+/g, ' ')),
  },
  'value: 10',
)

/** A setting of the kernel: now, and after the next boot. */
export const sysctl: ResourceSort<z.output<typeof shape>> = {
  type: 'sysctl',
  name: text("the key of a setting, such as 'vm.swappiness'", /^[a-z0-9_]+(?:[./](?!\.)[A-Za-z0-9_:.-]+?)+$/),
  options: shape,
  lower({ name, options: { value } }) {
    const path = procPath(name)
    return Promise.resolve([
      fileThing({
        path: `/etc/sysctl.d/60-tandem-${name.replaceAll('/', '.')}.conf`,
        content: plain(`${name} = ${value}\n`),
      }),
      commandThing({
        name: `sysctl ${name}`,
        check: shScript(check, [path, value], 10_000),
        run: shScript(set, [path, value], 10_000),
        undo: shScript(setBack, [path], 10_000),
        says: `set ${name} to ${value} in the running kernel`,
      }),
    ])
  },
}

/** As sysctl reads keys: when the first separator is a slash, dots are part of the names. */
function procPath(key: string): string {
  const isSlashed = /^[^./]*\//.test(key)
  return `/proc/sys/${isSlashed ? key : key.replaceAll('.', '/')}`
}

// Lists come out of the kernel with tabs, so words are compared.
const check = `[ -r "$1" ] || exit 1
IFS= read -r live <"$1" || :
want=$2
set -f
set -- $live
[ "$*" = "$want" ]`

const set = `[ -e "$1" ] || { echo "this kernel has no $1; is its module loaded?" >&2; exit 1; }
IFS= read -r live <"$1" || :
[ -s "$TANDEM_KEEP" ] || printf '%s\\n' "$live" >"$TANDEM_KEEP"
printf '%s\\n' "$2" >"$1"`

const setBack = `[ -e "$TANDEM_KEEP" ] || exit 0
IFS= read -r live <"$TANDEM_KEEP" || :
printf '%s\\n' "$live" >"$1"`
