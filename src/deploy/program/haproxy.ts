import { slotPorts } from '../deployment.ts'

export const frontSocket = '/run/tandem-front/admin.sock'
export const metricsPort = 8405

/**
 * What all fronts of a host share. Connections to an app are made anew for each request, so that none is reused at
 * the moment the app closes it; those to people are kept. Times are long: a slow answer is not ours to cut.
 */
export const frontGlobal = `# Written by tandem; a deploy writes it again.
global
  stats socket ${frontSocket} mode 600 level admin expose-fd listeners
  server-state-file /run/tandem-front/state
  hard-stop-after 30m

defaults
  mode http
  load-server-state-from-file global
  option http-server-close
  option forwardfor
  retries 8
  retry-on conn-failure
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout tunnel 24h
  timeout queue 30s
  timeout http-request 30s
  timeout http-keep-alive 60s

frontend tandem-metrics
  bind 127.0.0.1:${metricsPort}
  http-request use-service prometheus-exporter if { path /metrics }
`

/** The part of one app: two slots, of which the runtime socket says which one gets the requests. */
export function frontOf(place: string, port: number): string {
  const ports = slotPorts(port)
  return `# Written by tandem; a deploy writes it again.
frontend ${place}
  bind :${port}
  default_backend ${place}

backend ${place}
  server a 127.0.0.1:${ports.a} disabled
  server b 127.0.0.1:${ports.b} disabled
`
}

/** One HAProxy per host, beside Debian's own unit. A reload hands its sockets on: no connection is lost. */
export const frontUnit = (root: string): string => `# Written by tandem; a deploy writes it again.
[Unit]
Description=tandem front
After=network.target

[Service]
Type=notify
RuntimeDirectory=tandem-front
RuntimeDirectoryPreserve=yes
ExecStartPre=/bin/sh -c ': >>/run/tandem-front/state'
ExecStart=/usr/sbin/haproxy -Ws -f ${root}/front/conf -p /run/tandem-front/pid
ExecStartPost=/bin/sh ${root}/front/boot.sh
ExecReload=/bin/sh ${root}/front/boot.sh save
ExecReload=/usr/sbin/haproxy -c -q -f ${root}/front/conf
ExecReload=/bin/kill -USR2 $MAINPID
KillMode=mixed
Restart=always
RestartSec=200ms
SuccessExitStatus=143

[Install]
WantedBy=multi-user.target
`

/**
 * After a start the front knows no slot: this gives each app its live one. With \`save\` it writes down how the slots
 * stand, for the worker that a reload starts.
 */
export const frontBoot = (root: string): string => `# Written by tandem; a deploy writes it again.
F=${root}/front
if [ "$1" = save ]; then
  exec perl "$F/front.pl" ${frontSocket} "show servers state" >/run/tandem-front/state
fi
tries=0
until [ -S ${frontSocket} ] || [ $tries -ge 50 ]; do tries=$((tries + 1)); sleep 0.05; done
for live in ${root}/apps/*/live; do
  [ -e "$live" ] || continue
  IFS= read -r slot <"$live"
  name=\${live%/live}
  perl "$F/front.pl" ${frontSocket} "set server \${name##*/}/$slot state ready" >/dev/null
done
exit 0
`
