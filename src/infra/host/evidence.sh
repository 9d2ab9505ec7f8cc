# The evidence: what the logs and files of this host tell of who altered what. It changes nothing.
# Variables set before: MARK; PATHS and UNITS that differ, one a line. Each apply leaves a file `end` when it is over.

nl='
'
each() { while IFS= read -r line; do printf '@%s %s %s\n' "$MARK" "$1" "$line"; done; }

# The newest of each log, so that a long one costs no more than a short one.
newest() {
  for file; do
    [ ! -r "$file" ] || tail -n 4000 "$file"
  done
}

newest /var/log/dpkg.log.1 /var/log/dpkg.log |
  grep -aE '^[0-9-]+ [0-9:]+ (install|upgrade|remove|purge) ' | tail -n 300 | each dpkg

# Seconds since 1970 and the line; where there is no journal, lines of sudo without a time that could be compared.
if command -v journalctl >/dev/null && journalctl -q --no-pager -o short-unix -n 4000 _COMM=sudo + _COMM=sshd \
  2>/dev/null >"$RUN/journal"; then
  grep -aE 'COMMAND=|Accepted ' "$RUN/journal" | tail -n 300 | each auth
fi
[ -s "$RUN/journal" ] || newest /var/log/auth.log | grep -aE 'COMMAND=' | tail -n 200 | sed 's/^/0 /' | each auth

# When they were written, and by the owner of which; of what is gone, when its folder was.
IFS=$nl
for path in $PATHS; do
  if [ -e "$path" ] || [ -L "$path" ]; then
    find "$path" -maxdepth 0 -printf '%Ts %TY-%Tm-%Td %TH:%TM %u %p\n'
  else
    find "${path%/*}/" -maxdepth 0 -printf "%Ts %TY-%Tm-%Td %TH:%TM - $path\\n" 2>/dev/null
  fi
done | each path
for unit in $UNITS; do
  journalctl -q --no-pager -o short-iso -n 2 UNIT="$unit" _PID=1 2>/dev/null | sed "s|^|$unit |"
done | each unit
unset IFS

last=
for end in "$ROOT"/undo/*/end; do
  [ ! -e "$end" ] || { [ "$last" ] && [ "$end" -ot "$last" ]; } || last=$end
done
[ -z "$last" ] || find /etc /usr/local /root /opt -xdev -type f -newer "$last" \
  -printf '%TY-%Tm-%Td %TH:%TM %p\n' 2>/dev/null | head -n 500 | each file

printf '@%s end .\n' "$MARK"
