# Read by job.sh: says that this sandbox is ready for its network, and waits for it. The hub may not begin earlier: it and
# the walls would both set up the loopback.
echo >&4
read -r tandem_answer <&5 || exit 1
exec 4>&- 5<&-
