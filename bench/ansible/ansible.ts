import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lab } from '../../lab/lab.ts'
import { mustRun, run } from '../../lab/run.ts'
import { mustHave } from '../lib/must-have.ts'
import { tasksOf, templatesOf } from '../wishes/playbook.ts'
import type { Wish } from '../wishes/wish.ts'

/**
 * Ansible as its manual has it for speed: pipelining, connections that persist, as many forks as hosts, and no search for
 * an interpreter.
 */
export type Ansible = Readonly<{
  version: string
  /** Makes hosts as their wishes say, each host in its own play. `facts`: gathers those of Ansible first. */
  play: (wishes: ReadonlyMap<string, readonly Wish[]>, facts: boolean) => Promise<Played>
  /** Closes the connections that persist. */
  close: () => Promise<void>
}>

export type Played = Readonly<{ ms: number; changed: number; failed: readonly string[] }>

const playLimitMs = 30 * 60_000

/** Packages of Debian that a host needs for Ansible's modules. */
export const ansiblePackages = ['python3', 'cron']

export async function openAnsible(lab: Lab, folder: string): Promise<Ansible> {
  await mustHave([{ program: 'ansible-playbook', pack: 'ansible-core' }])
  await mkdir(folder, { recursive: true })
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text)
  await write('ansible.cfg', configOf(lab, folder))
  await write('hosts', lab.hosts.map(({ name, address }) => `${name} ansible_host=${address}\n`).join(''))
  const version = (await mustRun(['ansible', '--version'])).split('\n')[0] ?? ''
  return {
    version,
    play: async (wishes, facts) => {
      const all = [...wishes.values()].flat()
      await mkdir(join(folder, 'templates'), { recursive: true })
      for (const [name, text] of templatesOf(all)) await write(join('templates', name), text)
      await write('site.yml', JSON.stringify(playsOf(wishes, facts)))
      return playIn(folder)
    },
    close: async () => {
      for (const { name } of lab.hosts)
        await run(['env', `--chdir=${folder}`, 'ansible', name, '-m', 'meta', '-a', 'reset_connection'])
    },
  }
}

/** Hosts with the same wishes share a play, so that they go side by side. */
function playsOf(wishes: ReadonlyMap<string, readonly Wish[]>, facts: boolean): readonly unknown[] {
  const alike = Map.groupBy(wishes, ([, own]) => JSON.stringify(own))
  return [...alike.values()].map((hosts) => ({
    hosts: hosts.map(([name]) => name).join(','),
    gather_facts: facts,
    tasks: tasksOf(hosts[0]?.[1] ?? []),
  }))
}

async function playIn(folder: string): Promise<Played> {
  const began = performance.now()
  const argv = ['env', `--chdir=${folder}`, 'ansible-playbook', 'site.yml']
  const { code, stdout, stderr } = await run(argv, { timeoutMs: playLimitMs })
  const ms = performance.now() - began
  const recap = stdout.slice(stdout.indexOf('PLAY RECAP'))
  if (recap.length === stdout.length || ![0, 2].includes(code))
    throw new Error(`ansible-playbook ended with ${code}: ${(stdout + stderr).slice(-3000)}`)
  const changed = [...recap.matchAll(/changed=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0)
  const failed = [...stdout.matchAll(/^(?:failed|fatal): .*$/gm)].map(([line]) => line.slice(0, 600))
  return { ms, changed, failed }
}

function configOf(lab: Lab, folder: string): string {
  const sshArgs = [
    '-C -o ControlMaster=auto -o ControlPersist=60s',
    `-o UserKnownHostsFile=${lab.knownHostsFile}`,
    '-o GlobalKnownHostsFile=/dev/null -o IdentitiesOnly=yes',
  ].join(' ')
  return `[defaults]
inventory = ${folder}/hosts
remote_user = root
private_key_file = ${lab.keyFile}
forks = ${Math.max(8, lab.hosts.length)}
interpreter_python = /usr/bin/python3
nocows = 1
[ssh_connection]
pipelining = True
ssh_args = ${sshArgs}
control_path_dir = ${folder}/cp
`
}
