# What was armed is not needed any more. A watcher that is already taking back is left to end.
disarm() {
  rm -f "$U/armed" "$U/confirmed"
  file=/etc/systemd/system/tandem-take-back.service
  [ ! -e "$U/taken-back" ] || until_taken_back
  [ -e "$file" ] || return 0
  systemctl stop tandem-take-back.service
  rm -f "$file" "${file%/*}/multi-user.target.wants/${file##*/}"
  systemctl daemon-reload
}

until_taken_back() {
  tries=0
  until [ -e "$U/taken-back.done" ] || [ "$tries" -ge 300 ]; do
    tries=$((tries + 1))
    sleep 0.2
  done
}
