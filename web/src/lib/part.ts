const RELOADED = 'andon.reloaded'
const FIRST_WAIT = 500
const LONGEST_WAIT = 10_000

/** The server is there and the file is not. Some browsers hold to that until the page is loaded anew. */
export class FileMissing extends Error {}

/**
 * Loads a part of the console that comes in a file of its own. While the server is out of reach the part is waited for,
 * and what shows it stays as it was. When the server is there and the file is not, a newer console was put in its place:
 * the page is loaded anew, once for each address.
 */
export const part =
  <T>(load: () => Promise<T>): (() => Promise<T>) =>
  async () => {
    for (;;) {
      try {
        return await load()
      } catch (error) {
        if (await isReachable()) return renewed(load, error)
        await whenReachable()
      }
    }
  }

/** It may have come back between the two questions. */
async function renewed<T>(load: () => Promise<T>, first: unknown): Promise<T> {
  try {
    return await load()
  } catch {
    if (sessionStorage.getItem(RELOADED) === location.href)
      throw new FileMissing(first instanceof Error ? first.message : String(first), { cause: first })
    sessionStorage.setItem(RELOADED, location.href)
    location.reload()
    return new Promise(() => {})
  }
}

async function whenReachable(): Promise<void> {
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    await new Promise<void>(resolve => {
      const timer = setTimeout(done, wait)
      function done(): void {
        clearTimeout(timer)
        removeEventListener('online', done)
        resolve()
      }
      addEventListener('online', done)
    })
    if (await isReachable()) return
  }
}

const isReachable = (): Promise<boolean> =>
  fetch('/healthz', { cache: 'no-store' }).then(
    answer => answer.ok,
    () => false,
  )
