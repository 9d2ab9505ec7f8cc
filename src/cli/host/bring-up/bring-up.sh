# Brings this host up for Tandem: a user of its own with keys and sudo, and what is missing for that.
# Words: the name of the user, then public keys. Twice is as good as once, and nothing is locked.
set -eu
umask 022
user=$1
shift
say() { printf '%s\n' "$*"; }
refuse() {
  say "$1"
  say "  now   $2"
  exit 1
}

. /etc/os-release
case " ${ID:-} ${ID_LIKE:-} " in
  *' debian '* | *' ubuntu '*) say "system: ${PRETTY_NAME:-$ID}" ;;
  *) refuse "this is ${PRETTY_NAME:-no system that has a name}" 'Tandem brings up Debian and Ubuntu; on others, make the user by hand' ;;
esac
[ -d /run/systemd/system ] || refuse 'this host does not run systemd' 'Tandem starts apps and services with systemd: boot the host with it'

missing=
for package in sudo ca-certificates; do
  status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) || status=
  [ "$status" = 'install ok installed' ] || missing="$missing $package"
done
if [ -n "$missing" ]; then
  say "packages:$missing will be installed"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q -o DPkg::Lock::Timeout=120 update </dev/null
  # The names are ours and have no blanks.
  apt-get -q -y -o DPkg::Lock::Timeout=120 --no-install-recommends install $missing </dev/null
  say "packages:$missing are installed"
else
  say 'packages: sudo and ca-certificates are there'
fi

if entry=$(getent passwd "$user"); then
  say "user: $user is there"
else
  # With * there is no password, and unlike ! it does not shut out keys.
  useradd --create-home --user-group --shell /bin/bash --password '*' --comment Tandem "$user"
  entry=$(getent passwd "$user")
  say "user: $user was made"
fi
home=${entry%:*}
home=${home##*:}
[ -d "$home" ] || refuse "the home of $user, $home, is not there" "make it, or take another name: --user NAME"

# As the user, whose folder it is: links in it lead nowhere that the user may not go.
HOME=$home runuser -u "$user" -- sh -c '
  umask 077
  cd "$HOME"
  mkdir -p .ssh
  touch .ssh/authorized_keys
  chmod go-w . .ssh .ssh/authorized_keys
  # A last line that does not end would swallow the first one of ours.
  [ -z "$(tail -c 1 .ssh/authorized_keys)" ] || echo >>.ssh/authorized_keys
  for key; do
    if grep -qxF -e "$key" .ssh/authorized_keys; then
      echo "key: ${key##* } is there"
    else
      printf "%s\n" "$key" >>.ssh/authorized_keys
      echo "key: ${key##* } was added"
    fi
  done
' sh "$@"

# A name with a dot is not read by sudo, so nothing counts before visudo has said yes.
rule=/etc/sudoers.d/tandem-$user
wanted="$user ALL=(ALL:ALL) NOPASSWD: ALL"
if [ -f "$rule" ] && [ "$(cat "$rule")" = "$wanted" ]; then
  say "sudo: $rule is there"
else
  (umask 226 && printf '%s\n' "$wanted" >"$rule.new")
  visudo -q -c -f "$rule.new" >/dev/null || {
    rm -f "$rule.new"
    refuse 'visudo does not take the rule for sudo' "take another name: --user NAME"
  }
  sync "$rule.new"
  mv "$rule.new" "$rule"
  say "sudo: $rule was written"
fi
visudo -q -c >/dev/null || refuse 'the rules of sudo on this host have a mistake' 'look at it with `visudo -c` and mend it'
say "ready: $user may log in with its key, and become root"
