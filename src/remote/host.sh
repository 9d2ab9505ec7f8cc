# Shared by the relay and the supervisor. Variables set before: root id key nonce.

run=$root/runs/$id

# Puts the start time of process $1 into `born`, in clock ticks since boot; fails when it is gone or a zombie.
birth() {
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  set -- ${stat##*) }
  [ "$1" != Z ] || return 1
  born=${20}
}

# Is process $1, started at $2 in boot $3, still the same one?
alive() {
  read -r boot_now </proc/sys/kernel/random/boot_id
  [ "$boot_now" = "$3" ] && birth "$1" && [ "$born" = "$2" ]
}

# Kills what the supervisor $1 started: every process of its session save its own group. Several passes, because a
# process may fork while we look. With $2, only processes that carry it as a line of their environment.
sweep() {
  sid=$1 mark=${2-} pass=0 found=yes
  while [ "$found" ] && [ "$pass" -lt 5 ]; do
    found='' pass=$((pass + 1))
    for file in /proc/[0-9]*/stat; do
      { read -r stat <"$file"; } 2>/dev/null || continue
      set -- ${stat##*) }
      [ "${4-}" = "$sid" ] && [ "$3" != "$sid" ] && [ "$1" != Z ] || continue
      file=${file%/stat}
      [ -z "$mark" ] || grep -qzxF -- "$mark" "$file/environ" 2>/dev/null || continue
      kill -KILL "${file#/proc/}" 2>/dev/null
      found=yes
    done
  done
}
