import type { FastifyReply, FastifyRequest } from 'fastify'
import type { NameItem } from '../../contract/names.ts'
import type { Principal } from '../../contract/principal.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { AuditTrail } from '../../modules/access/index.ts'
import type { Erasures } from '../../pipeline/erasures.ts'
import type { Jobs } from '../../pipeline/jobs.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { Database } from '../../platform/database.ts'
import type { Log } from '../../platform/log.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { Sealer } from '../../platform/seal.ts'
import type { Access } from '../access.ts'
import type { BackupConfig } from '../config-backup.ts'
import type { Glance } from '../glance.ts'
import type { PracticeHost } from '../practice/host.ts'
import type { PracticeOffer } from '../practice/offer.ts'
import type { Door } from './door.ts'
import type { Certificate, Limits } from './listener.ts'
import type { LiveLimits } from './live-limits.ts'

/** What the HTTP side is made of; put together by `compose.ts`, or by a test. */
export interface HttpDeps {
  readonly pipeline: Pipeline
  readonly jobs: Jobs
  readonly db: Database
  readonly sealer: Sealer
  readonly log: Log
  readonly metrics: Metrics
  readonly audit: AuditTrail
  readonly access: Access
  readonly erasures: Erasures
  /** Who sent the request; null: nobody who signed in. @throws ApiProblem for a credential that is no good */
  authenticate(request: FastifyRequest): Promise<Principal | null>
  /** The same of a request that is long under way: who it is from now, null when they may not go on. */
  still(request: FastifyRequest): Promise<Principal | null>
  now(): Instant
  newId(): string
  upcast(type: string, v: number, body: JsonObject): { v: number; body: JsonObject }
  /** The search token of a person's datum. */
  blind(text: string): string
  /** What the codes of this world are called. */
  readonly names: readonly NameItem[]
  /** The practice shop: of this world, or one that this world offers to start. */
  readonly practice?: { readonly host: PracticeHost | null; readonly offer: PracticeOffer | null }
  /** What this process did of late. */
  readonly glance: Glance
  /** The name of this process among the nodes of its database. */
  readonly node: string
  /** Of this release. */
  readonly version: string
  /** Where the built console is; without one, `/` says that there is none. */
  readonly consoleFolder?: string | undefined
  readonly door: Door
  /** TLS of our own. */
  readonly certificate?: Certificate
  /** What a connection may take; the usual when left out. */
  readonly limits?: Limits
  /** How patient the live stream is; as usual when left out. */
  readonly live?: LiveLimits
  /** What is configured about backups, and since when this process runs. */
  readonly backups: BackupConfig & { readonly since: Instant }
  readonly checkAnswers: boolean
  /** Counts a problem by its code. */
  refused(code: string): void
  observe(request: FastifyRequest, reply: FastifyReply): void
}
