import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a directory and what is missing above it. Node's own `recursive` never comes back where a file system says that
 * a parent is missing although it stands there: below /proc, or where an automount has nothing to mount.
 */
export function makeDirectory(path: string, options: { readonly mode?: number } = {}): void {
  if (isDirectory(path)) return
  const parent = dirname(path)
  if (!existsSync(parent)) makeDirectory(parent, options)
  try {
    mkdirSync(path, options)
  } catch (error) {
    // Another process was quicker.
    if (!isDirectory(path)) throw error
  }
}

export const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
