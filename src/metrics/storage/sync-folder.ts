import { closeSync, fsyncSync, openSync } from 'node:fs'

/** That a file is there, or has this name, is on the disk only with its folder. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
