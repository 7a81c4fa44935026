/**
 * Calls `stop` when the process that started us is gone: scripts/start.mjs holds a channel open that carries nothing.
 * Does nothing when there is no such channel. The channel does not keep this process alive.
 */
export function onParentGone(stop: () => void): void {
  if (process.channel === undefined) return
  process.once('disconnect', stop)
  process.channel?.unref()
}
