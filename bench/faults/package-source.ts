import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lab } from '../../lab/lab.ts'
import { mustRun } from '../../lab/run.ts'
import { packageName } from './generation.ts'

const versions = ['1', '2']
const place = '/opt/packages'

/** Installing it takes a moment, so that a strike can come in the middle. */
const postinst = '#!/bin/sh\nsleep 0.3\n'

/** Puts a source of packages with two versions of one package on every host, and takes all others away. */
export async function givePackages(lab: Lab): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-packages-'))
  try {
    for (const version of versions) await buildPackage(folder, version)
    const debs = versions.map((version) => join(folder, `${packageName}_${version}_all.deb`))
    for (const host of lab.hosts) {
      await mustRun(['mkdir', '-p', join(host.root, place)])
      await mustRun(['cp', ...debs, join(host.root, place)])
      const { code, stderr } = await host.exec(['sh', '-c', installSource])
      if (code !== 0) throw new Error(`${host.name} has no source of packages: ${stderr}`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function buildPackage(folder: string, version: string): Promise<void> {
  const root = join(folder, version)
  await mkdir(join(root, 'DEBIAN'), { recursive: true })
  await mkdir(join(root, 'usr/share', packageName), { recursive: true })
  await writeFile(join(root, 'usr/share', packageName, 'version'), `${version}\n`)
  await writeFile(join(root, 'DEBIAN/control'), controlOf(version))
  await writeFile(join(root, 'DEBIAN/postinst'), postinst, { mode: 0o755 })
  await mustRun([
    'dpkg-deb',
    '--build',
    '--root-owner-group',
    root,
    `${folder}/${packageName}_${version}_all.deb`,
  ])
}

const controlOf = (version: string): string => `Package: ${packageName}
Version: ${version}
Architecture: all
Maintainer: the team <team@example.org>
Description: nothing of use
`

// What dpkg-scanpackages of dpkg-dev would write, without it.
const installSource = `set -eu
cd ${place}
for deb in *.deb; do
  dpkg-deb -f "$deb"
  printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum <"$deb" | cut -c1-64)"
done >Packages
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:${place} ./' >/etc/apt/sources.list.d/packages.list
apt-get update -qq
`
