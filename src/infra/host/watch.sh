# The watcher: waits until the change is confirmed, or its time is over, or this host was restarted, or the program that
# armed it has been dead for half a minute. Then it takes back what may have locked us out.

ROOT=${0%/undo/*} PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
export ROOT PATH LC_ALL
still_mine() { :; }

watch() {
  dead=0
  while read -r mark boot pid start until 2>/dev/null <"$U/armed"; do
    read -r boot_now </proc/sys/kernel/random/boot_id
    [ "$boot_now" = "$boot" ] || break
    stat=''
    { read -r stat <"/proc/$pid/stat"; } 2>/dev/null
    set -- ${stat##*) }
    [ "${20-}" = "$start" ] && dead=0 || dead=$((dead + 1))
    [ "$dead" -le 30 ] || break
    read -r now rest </proc/uptime
    [ "${now%.*}" -lt "$until" ] || break
    sleep 1
  done
  mv -T "$U/armed" "$U/taken-back" 2>/dev/null || exit 0
  sync "$U"
  RUN=$(mktemp -d "$U/take-back.XXXXXX")
  cd "$RUN" || exit 1
}

# What was confirmed meanwhile is left; what could not be undone is named in the journal of this host.
taken_back() {
  cd / && rm -rf "$RUN"
  file=/etc/systemd/system/tandem-take-back.service
  rm -f "$file" "${file%/*}/multi-user.target.wants/${file##*/}"
  : >"$U/taken-back.done"
  [ -z "$FAILED" ]
}
