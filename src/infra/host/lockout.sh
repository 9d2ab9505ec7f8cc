# Changes that may lock us out. A watcher is armed on this host before the first of them, and takes them back unless the
# file `armed` becomes `confirmed` in time. Both are one rename of one file, so only one of them can succeed.

uptime_s() {
  read -r SECONDS_ rest </proc/uptime
  SECONDS_=${SECONDS_%.*}
}

# deadline SECONDS: from now
deadline() {
  uptime_s
  read -r boot </proc/sys/kernel/random/boot_id
  read -r stat </proc/$$/stat
  set -- "$1" ${stat##*) }
  printf '%s\n' "$MARK $boot $$ ${21} $((SECONDS_ + $1))" >"$U/armed.new"
  sync "$U/armed.new"
  [ "$2" ] && mv -f "$U/armed.new" "$U/armed"
  sync "$U"
}

arm() {
  N=0
  [ -d "$U" ] || must mkdir -p "$U"
  rm -f "$U/confirmed" "$U/taken-back" "$U/taken-back.done"
  must cp "$RUN/take-back" "$U/take-back"
  must sync "$U/take-back"
  deadline 900
  if [ -d /run/systemd/system ]; then
    printf '%s\n' '[Unit]' 'Description=takes back what may have locked us out' '[Service]' \
      "ExecStart=/bin/sh $U/take-back" 'KillMode=process' '[Install]' 'WantedBy=multi-user.target' >/etc/systemd/system/tandem-take-back.service
    must systemctl daemon-reload
    must systemctl enable --quiet --now tandem-take-back.service
    sync /etc/systemd/system /etc/systemd/system/multi-user.target.wants
  else
    free /bin/sh "$U/take-back"
  fi
}

# Everything is done that may lock us out: whoever can still reach us says so, over a new connection.
confirm() {
  N=0
  [ -e "$U/armed" ] || [ -e "$U/taken-back" ] || return 0
  [ -e "$U/taken-back" ] || deadline 30
  tell "confirm $MARK"
  tries=0
  until [ -e "$U/confirmed" ] || [ -e "$U/taken-back" ] || [ "$tries" -ge 300 ]; do
    tries=$((tries + 1))
    sleep 0.2
  done
  [ -e "$U/confirmed" ] || until_taken_back
  [ -e "$U/confirmed" ] || give_up 'no new connection reached this host within 30 s, so it took back what may have locked us out' 'mend what was changed about ssh, the firewall, the network or the accounts, and apply again'
  disarm
}
