# The evidence: what the logs of this host tell of who altered what. It changes nothing.
# Variables set before: MARK. Each apply leaves a file `end` behind when it is over.

each() { while IFS= read -r line; do printf '@%s %s %s\n' "$MARK" "$1" "$line"; done; }

# The newest of each log, so that a long one costs no more than a short one.
newest() {
  for file; do
    [ ! -r "$file" ] || tail -n 4000 "$file"
  done
}

newest /var/log/dpkg.log.1 /var/log/dpkg.log |
  grep -aE '^[0-9-]+ [0-9:]+ (install|upgrade|remove|purge) ' | tail -n 300 | each dpkg

if [ -r /var/log/auth.log ]; then
  newest /var/log/auth.log | grep -aE 'COMMAND=|Accepted ' | tail -n 200 | each auth
elif command -v journalctl >/dev/null; then
  journalctl -q --no-pager -o short-iso -n 4000 _COMM=sudo + _COMM=sshd 2>/dev/null |
    grep -aE 'COMMAND=|Accepted ' | tail -n 200 | each auth
fi

last=
for end in "$ROOT"/undo/*/end; do
  [ ! -e "$end" ] || { [ "$last" ] && [ "$end" -ot "$last" ]; } || last=$end
done
[ -z "$last" ] || find /etc /usr/local /root /opt -xdev -type f -newer "$last" \
  -printf '%TY-%Tm-%Td %TH:%TM %p\n' 2>/dev/null | head -n 500 | each file

printf '@%s end .\n' "$MARK"
