import type { z } from 'zod'
import { text } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { commandThing, shScript } from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import { absolutePath, accountName, options, yes } from './words.ts'

const shape = options(
  {
    repo: text(
      "where the repository is, such as 'https://git.example.org/shop.git'",
      /^[^-\s\p{Cc}\p{Co}][^\s\p{Cc}\p{Co}]*$/u,
    ),
    ref: text(
      "a branch, a tag or a whole commit, such as 'main'",
      /^(?![-/.])(?!.*(?:\.\.|@\{|\/\/|\.lock$))[^\s\p{Cc}\p{Co}~^:?*[\\]{1,250}$/u,
    ).optional(),
    user: accountName.optional(),
    submodules: yes.optional(),
    force: yes.optional(),
  },
  "repo: 'https://git.example.org/shop.git', ref: 'v1.2.0'",
)

/** A folder that holds a commit of a git repository, fetched by the host itself. */
export const gitCheckout: ResourceSort<z.output<typeof shape>> = {
  type: 'gitCheckout',
  name: absolutePath,
  options: shape,
  lower({ name, options: { repo, ref = 'HEAD', user = 'root', submodules = false, force = false } }) {
    const words = [name, repo, ref, user, submodules ? 'yes' : 'no', force ? 'yes' : 'no']
    return Promise.resolve([
      pathThing(name, { type: 'directory', mode: null, owner: user, group: null }),
      commandThing({
        name: `git checkout ${name}`,
        check: shScript(`${asUser}${wanted}${check}`, words),
        run: shScript(`${asUser}${wanted}${run}`, words, 1_800_000),
        undo: shScript(`${asUser}${undo}`, words),
        says: `check out ${ref} of ${repo}`,
      }),
    ])
  },
}

// Git trusts no folder of another user, so it runs as the one whose folder it is; what is kept is root's.
const asUser = `dir=$1 repo=$2 ref=$3 user=$4 submodules=$5 force=$6
command -v git >/dev/null || { echo "git is not installed; add apt('git') before this" >&2; exit 1; }
cd "$dir"
home=$(getent passwd "$user" | cut -d: -f6)
as() { HOME=$home GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND='ssh -o BatchMode=yes' runuser -u "$user" -- "$@"; }
`

// A branch comes before a tag of the same name; of a tag, the commit that it stands for.
const wanted = `want=
case $ref in
*[!0-9a-f]*) ;;
*) if [ \${#ref} -eq 40 ] || [ \${#ref} -eq 64 ]; then want=$ref; fi ;;
esac
if [ -z "$want" ]; then
  if [ "$ref" = HEAD ]; then found=$(as git ls-remote -- "$repo" HEAD); else
    found=$(as git ls-remote -- "$repo" "refs/heads/$ref" "refs/tags/$ref" "refs/tags/$ref^{}")
  fi
  while read -r hash name; do
    [ -z "$hash" ] || want=$hash
    case $name in HEAD | refs/heads/*) break ;; esac
  done <<END
$found
END
fi
[ -n "$want" ] || { echo "$repo has no branch and no tag called $ref" >&2; exit 1; }
`

const check = `[ -e .git ] || exit 1
have=$(as git rev-parse -q --verify HEAD) || exit 1
[ "$have" = "$want" ] || exit 1
as git diff --quiet HEAD --
`

const run = `have=none
if [ -e .git ]; then have=$(as git rev-parse -q --verify HEAD) || have=none; fi
if [ "$have" = none ] && [ ! -e .git ] && [ -n "$(ls -A .)" ]; then
  echo "$dir holds other files and is no checkout; move them away" >&2
  exit 1
fi
if [ "$have" != none ] && [ "$force" = no ] && ! as git diff --quiet HEAD --; then
  echo "$dir has changes that were never committed; keep them elsewhere, or say force: true" >&2
  as git diff --stat HEAD -- >&2
  exit 1
fi
[ -s "$TANDEM_KEEP" ] || printf '%s\\n' "$have" >"$TANDEM_KEEP"
[ -e .git ] || as git init -q .
as git config remote.origin.url "$repo"
as git fetch -q --force --tags origin '+refs/heads/*:refs/remotes/origin/*'
if [ "$force" = yes ]; then as git checkout -q --force --detach "$want"; else as git checkout -q --detach "$want"; fi
[ "$submodules" = no ] || as git submodule -q update --init --recursive
`

const undo = `[ -e "$TANDEM_KEEP" ] || exit 0
read -r before <"$TANDEM_KEEP" || exit 0
if [ "$before" = none ]; then find . -mindepth 1 -delete; exit 0; fi
as git checkout -q --force --detach "$before"
[ "$submodules" = no ] || as git submodule -q update --init --recursive
`
