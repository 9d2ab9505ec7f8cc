import { setTimeout as sleep } from 'node:timers/promises'
import { RUNS_FOLDER, cleanLeftovers, livingOwner } from './claim.ts'
import { openLab } from './lab.ts'
import type { Lab } from './lab.ts'
import { installNeeds } from './needs.ts'
import type { System } from './root-fs.ts'
import { claimedNumbers } from './wipe.ts'

const USAGE = `usage: node lab/main.ts up N [ubuntu] | down | clean | install
  up N     open a lab of N hosts, of Debian or of Ubuntu, and hold it until Ctrl-C or down
  down     close the labs that up holds open
  clean    remove what killed labs have left behind
  install  apt-get install what the lab needs`

const DOWN_LIMIT_MS = 20_000

process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<number> {
  const [command, count = '3', system = 'debian'] = words
  if (command === 'up' && /^\d+$/.test(count) && (system === 'debian' || system === 'ubuntu'))
    return up(Number(count), system)
  if (command === 'down') return down()
  if (command === 'clean') return clean()
  if (command === 'install') return install()
  console.error(USAGE)
  return 2
}

async function up(hosts: number, system: System): Promise<number> {
  const started = performance.now()
  const lab = await openLab({ hosts, system, byHand: true })
  console.log(
    `lab ${lab.number}: ${hosts} hosts answer SSH after ${Math.round(performance.now() - started)} ms`,
  )
  console.log(commands(lab))
  // Held until a signal, upon which the lab closes itself.
  for (;;) await sleep(60_000)
}

function commands(lab: Lab): string {
  const logins = lab.hosts.map((host) => `ssh -F ${lab.sshConfigFile} ${host.name}    # ${host.address}`)
  const people = 'also as -l deploy, typist (sudo password: correct horse), cshell, fisher, chatty'
  return [...logins, people, `hosts reach this machine at ${lab.gateway}; Ctrl-C ends the lab`].join('\n')
}

async function down(): Promise<number> {
  const pids = heldByHand()
  for (const pid of pids) process.kill(pid, 'SIGTERM')
  const deadline = Date.now() + DOWN_LIMIT_MS
  while (heldByHand().length > 0 && Date.now() < deadline) await sleep(50)
  if (heldByHand().length > 0) {
    console.error(
      `labs of pids ${heldByHand().join(', ')} did not close in ${DOWN_LIMIT_MS / 1000} s; kill them`,
    )
    return 1
  }
  console.log(pids.length === 0 ? 'no lab is held open by hand' : `closed ${pids.length} lab(s)`)
  return 0
}

function heldByHand(): readonly number[] {
  return claimedNumbers(RUNS_FOLDER).flatMap((number) => {
    const owner = livingOwner(number)
    return owner?.byHand ? [owner.pid] : []
  })
}

async function clean(): Promise<number> {
  const cleaned = await cleanLeftovers()
  console.log(
    cleaned.length === 0 ? 'nothing was left behind' : `removed what lab ${cleaned.join(', ')} left behind`,
  )
  return 0
}

async function install(): Promise<number> {
  await installNeeds((line) => console.log(line))
  console.log('all that the lab needs is installed')
  return 0
}
