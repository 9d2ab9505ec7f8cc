import type { RunSpec } from '../deployment.ts'

/** Names of the processes that always run, `web` first; one with a count has a name for each: `worker`, `worker-2`. */
export function servicesOf(spec: RunSpec): readonly string[] {
  const names = Object.entries(spec.run).flatMap(([name, process]) =>
    process.type === 'service'
      ? Array.from({ length: name === 'web' ? 1 : process.count }, (_, nth) =>
          nth === 0 ? name : `${name}-${nth + 1}`,
        )
      : [],
  )
  return names.toSorted((a, b) => Number(b === 'web') - Number(a === 'web'))
}

export const timersOf = (spec: RunSpec): readonly string[] =>
  Object.entries(spec.run).flatMap(([name, process]) => (process.type === 'timer' ? [name] : []))

/** The command of a process, by the name that `servicesOf` or `timersOf` gave it. */
export function commandOf(spec: RunSpec, name: string): string {
  const process = spec.run[name] ?? spec.run[name.replace(/-\d+$/, '')]
  if (process === undefined) throw new Error(`no process ${name} in this spec`)
  return process.command
}

/** The process that takes the traffic, or the first one. */
export const mainOf = (spec: RunSpec): string => servicesOf(spec)[0] ?? ''

/**
 * The unit files of an app: one template per process, whose instances are the slots, so that a new release changes
 * none of them. Commands and variables lie in the slot, not here. Text by file name.
 */
export function unitFiles(place: string, root: string, spec: RunSpec): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  const dir = `${root}/apps/${place}`
  files.set(bootUnit(place), bootText(place, dir))
  for (const name of servicesOf(spec)) {
    files.set(`tandem-${place}-${name}@.service`, serviceUnit({ place, dir, name, spec }))
  }
  for (const name of timersOf(spec)) {
    files.set(`tandem-${place}-${name}.service`, timedUnit({ place, dir, name, spec }))
    files.set(`tandem-${place}-${name}.timer`, timerUnit(place, name, spec))
  }
  return files
}

/** The unit that starts the live slot after a reboot. It never changes with a release, so nothing is enabled anew. */
export const bootUnit = (place: string): string => `tandem-${place}.service`

const bootText = (place: string, dir: string): string => `# Written by tandem; a deploy writes it again.
[Unit]
Description=${place} after a reboot
After=network.target
ConditionPathExists=${dir}/live

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh ${dir}/boot.sh

[Install]
WantedBy=multi-user.target
`

type Unit = Readonly<{ place: string; dir: string; name: string; spec: RunSpec }>

function serviceUnit({ place, dir, name, spec }: Unit): string {
  return `# Written by tandem; a deploy writes it again.
[Unit]
Description=${place} ${name} in slot %i
After=network.target
StartLimitIntervalSec=0

[Service]
Type=exec
${identity(spec, `${dir}/slots/%i/release`)}
ExecStart=/bin/sh ${dir}/slots/%i/${name}.sh
Restart=always
RestartSec=500ms
TimeoutStopSec=${Math.max(1, Math.ceil(spec.drainMs / 1000))}
${hardening(dir, spec)}`
}

function timedUnit({ place, dir, name, spec }: Unit): string {
  return `# Written by tandem; a deploy writes it again.
[Unit]
Description=${place} ${name}

[Service]
Type=oneshot
${identity(spec, `${dir}/current/release`)}
ExecStart=/bin/sh ${dir}/current/${name}.sh
${hardening(dir, spec)}`
}

function timerUnit(place: string, name: string, spec: RunSpec): string {
  const process = spec.run[name]
  return `# Written by tandem; a deploy writes it again.
[Unit]
Description=when ${place} ${name} runs

[Timer]
OnCalendar=${process?.type === 'timer' ? process.onCalendar : ''}
Persistent=true

[Install]
WantedBy=timers.target
`
}

const identity = (spec: RunSpec, folder: string): string => `User=${spec.user}\nWorkingDirectory=${folder}`

/**
 * Least right: an app writes to its shared folders and to a temporary folder of its own, and nowhere else. What keeps
 * root from the kernel's settings is only for an app that a team lets run as root: nobody else can reach them, and those
 * two cost a host as much per start as all the rest of what systemd does for it.
 */
function hardening(dir: string, { limits, user }: RunSpec): string {
  const lines = [
    'NoNewPrivileges=yes',
    'ProtectSystem=full',
    'ProtectHome=yes',
    'PrivateTmp=yes',
    'RestrictSUIDSGID=yes',
    'LockPersonality=yes',
    ...(user === 'root' ? ['ProtectKernelTunables=yes', 'ProtectControlGroups=yes'] : []),
    `ReadWritePaths=-${dir}/shared`,
    `LimitNOFILE=${limits.files ?? 65_536}`,
    ...(limits.memoryBytes === null ? [] : [`MemoryMax=${limits.memoryBytes}`]),
    ...(limits.tasks === null ? [] : [`TasksMax=${limits.tasks}`]),
  ]
  return `${lines.join('\n')}\n`
}
