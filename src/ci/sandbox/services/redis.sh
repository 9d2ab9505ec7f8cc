# Read by job.sh: a Redis for this job alone, in memory. It ends with the sandbox.
tandem_data=/tmp/.tandem-redis
mkdir -m 700 "$tandem_data"
redis-server --bind 127.0.0.1 --port 6379 --save '' --appendonly no --dir "$tandem_data" >"$tandem_data/log" 2>&1 &
tandem_tries=0
until [ "$(redis-cli -h 127.0.0.1 ping 2>&1)" = PONG ]; do
  tandem_tries=$((tandem_tries + 1))
  if [ "$tandem_tries" -gt 600 ] || ! kill -0 $! 2>/dev/null; then
    echo 'redis did not start:'
    tail -n 20 "$tandem_data/log"
    exit 1
  fi
  sleep 0.05
done
echo "redis $(redis-server --version | sed 's/.* v=//; s/ .*//') at localhost:6379"
export REDIS_URL="${REDIS_URL-redis://localhost:6379}"
