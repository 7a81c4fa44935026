import type { Connection } from '../connection.ts'
import { PlatformError } from '../error.ts'

/** Another live Andon owns the data directory; `connection` reaches its database when it is already up. */
export class DataDirInUse extends PlatformError {
  readonly connection: Connection | null
  readonly ownerPid: number | null

  constructor(dataDir: string, owner: { connection: Connection; pid: number } | null) {
    const who = owner ? ` (pid ${owner.pid})` : ''
    super(
      'DATA_DIR_IN_USE',
      `Another Andon${who} is using ${dataDir}: stop it first, or choose another directory with --data.`,
    )
    this.name = 'DataDirInUse'
    this.connection = owner?.connection ?? null
    this.ownerPid = owner?.pid ?? null
  }
}
