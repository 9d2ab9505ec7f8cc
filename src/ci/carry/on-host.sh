# A job on a build host, in the folder of its run. Variables set before: MARK, JOB_USER (empty: whoever we are), SERVICES,
# GIVEN, LIMITS, RUN_JOB (the text of run-job.pl). What it left is fetched before this ends; then its folder goes.
umask 022
# As jobs on the hub do: whatever else the host is for goes first. Who is nicer already stays so.
renice -n 10 -p $$ >/dev/null 2>&1 || :

refuse() {
  printf '\n%s\t%s\t\t%s\n' "$MARK" 'not started' "$1"
  exit 0
}

missing() {
  refuse "$1 is missing on this host: apt-get install $2"
}

for need in bwrap:bubblewrap setpriv:util-linux prlimit:util-linux perl:perl; do
  command -v "${need%:*}" >/dev/null || missing "${need%:*}" "${need#*:}"
done
case " $SERVICES " in *' postgres '*) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing postgres postgresql ;; esac
case " $SERVICES " in *' redis '*) [ -e /usr/bin/redis-server ] || missing redis redis-server ;; esac

mkdir -p work/files work/tmp work/home &&
  tar --extract --file=work.tar --directory=work/files --preserve-permissions --no-same-owner &&
  rm work.tar || refuse 'its files could not be unpacked: is the disk of this host full?'
chmod 644 $GIVEN
[ -z "$JOB_USER" ] || chown -hR "$JOB_USER:$JOB_USER" work/files work/tmp work/home
exec perl -e "$RUN_JOB" "$MARK" $LIMITS
