import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** CPU and memory of processes as Linux counts them; elsewhere every figure is NaN. */

const LINUX = process.platform === 'linux'
/** Clock ticks of /proc are 10 ms on every Linux that Node runs on (USER_HZ = 100). */
const TICK = 10

/** ms of CPU that a process has used so far, without its children. */
export const cpuOf = (pid: number): number => (LINUX ? ticksOf(pid).own * TICK : Number.NaN)

/**
 * ms of CPU that the PostgreSQL of a cluster has used: all live processes that work in its directory, and those that
 * ended, which the postmaster has inherited.
 */
export function cpuOfCluster(dir: string): number {
  if (!LINUX) return Number.NaN
  return clusterPids(dir).reduce((sum, pid) => sum + totalOf(pid), 0) * TICK
}

function totalOf(pid: number): number {
  try {
    const { own, children } = ticksOf(pid)
    return own + children
  } catch {
    // It ended meanwhile: the postmaster has its ticks by now, and the next reading counts them.
    return 0
  }
}

function ticksOf(pid: number): { own: number; children: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(') ') + 2).split(' ')
  return { own: Number(fields[11]) + Number(fields[12]), children: Number(fields[13]) + Number(fields[14]) }
}

export const clusterPids = (dir: string): number[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && worksIn(name, dir))
    .map(Number)

function worksIn(pid: string, dir: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres') && readlinkSync(`/proc/${pid}/cwd`) === dir
  } catch {
    return false
  }
}

export interface Memory {
  /** MiB resident, shared pages counted in full in each process. */
  readonly rss: number
  /** MiB resident, shared pages divided among those who share them: sums are meaningful. */
  readonly pss: number
}

export function memoryOf(pids: readonly number[]): Memory {
  if (!LINUX) return { rss: Number.NaN, pss: Number.NaN }
  const sum = { rss: 0, pss: 0 }
  for (const pid of pids) {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    sum.rss += Number(/^Rss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024
    sum.pss += Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024
  }
  return sum
}
