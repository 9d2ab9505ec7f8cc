import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { syncFolder } from '../sync-folder.ts'
import type { Deletion } from './deletion.ts'

/** What stands in a file, and how many lines are not as they were written. */
export type ReadDeletions = Readonly<{ deletions: readonly Deletion[]; torn: number }>

/** Where there is no file nothing is deleted. */
export function readDeletions(path: string): ReadDeletions {
  const lines = textIn(path)
    .split('\n')
    .filter((line) => line !== '')
  const deletions = lines.flatMap((line) => deletionIn(line) ?? [])
  return { deletions, torn: lines.length - deletions.length }
}

/** It is on the disk, whole, when this returns: docs/formats/metrics-deletions.md says how. None is no file. */
export function writeDeletions(path: string, deletions: readonly Deletion[]): void {
  if (deletions.length === 0) rmSync(path, { force: true })
  else writeWhole(path, Buffer.from(deletions.map(lineOf).join('')))
  syncFolder(dirname(path))
}

function writeWhole(path: string, bytes: Buffer): void {
  const building = `${path}.new`
  const file = openSync(building, 'w', 0o600)
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(building, path)
}

function lineOf(deletion: Deletion): string {
  const json = JSON.stringify(deletion)
  return `${sumOf(json)} ${json}\n`
}

function deletionIn(line: string): Deletion | null {
  const json = line.slice(9)
  return line.slice(0, 9) === `${sumOf(json)} ` ? (JSON.parse(json) as Deletion) : null
}

const sumOf = (json: string): string => crc32(json).toString(16).padStart(8, '0')

function textIn(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return ''
    throw thrown
  }
}
