import * as z from 'zod'
import { named, route } from './route.ts'
import { anyObject, at, cursor, label, limit, listOf, page } from './shapes.ts'

export const JOB_STATUSES = ['running', 'done', 'failed', 'cancelled'] as const
export type JobStatus = (typeof JOB_STATUSES)[number]

/** What people call each kind of long work. A kind without an entry is shown by its code. */
export const JOB_KINDS: { readonly [kind: string]: { readonly zh: string; readonly en: string } } = {
  import: { zh: '导入', en: 'Import' },
  replay: { zh: '回放', en: 'Replay' },
  rebuild: { zh: '重建读表', en: 'Rebuild of the read tables' },
  export: { zh: '导出', en: 'Export' },
  backtest: { zh: '规则回测', en: 'Back-test of a rule' },
  sweep: { zh: '按新规则复核订单', en: 'Orders reconsidered by new rules' },
  baselines: { zh: '学习节点基线', en: 'Baselines learned' },
  backup: { zh: '备份', en: 'Backup' },
  verify: { zh: '流水账校验', en: 'Check of the ledger' },
}

export const jobItem = named(
  'Job',
  z.strictObject({
    id: z.string(),
    kind: z.string(),
    name: label,
    status: z.enum(JOB_STATUSES),
    actor: z.string().meta({ description: 'Who started it' }),
    progress: z.strictObject({
      done: z.int(),
      total: z.int().nullable().meta({ description: 'null: it is not known how much there is' }),
      unit: z.string().nullable(),
      note: z.string().nullable(),
    }),
    params: anyObject().meta({ description: 'What it was given; in lists without what is long' }),
    result: anyObject().nullable(),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    cancelling: z.boolean().meta({ description: 'Somebody asked for its end and it has not come to it yet' }),
    cancellable: z.boolean(),
    createdAt: at(),
    updatedAt: at(),
    endedAt: at().nullable(),
  }),
)
export type JobItem = z.output<typeof jobItem>

const params = z.strictObject({ id: z.string().min(1).max(100) })

export const jobRoutes = {
  listJobs: route({
    method: 'GET',
    path: '/v1/jobs',
    right: 'signed_in',
    tag: 'Operations',
    summary: 'Long work, the newest first',
    description: 'Your own; with the right `operations.read` that of everybody.',
    query: z.strictObject({
      status: listOf(z.enum(JOB_STATUSES)).optional(),
      kind: listOf(z.string().min(1).max(40)).optional(),
      limit: limit(),
      cursor: cursor().optional(),
    }),
    replies: { 200: { description: 'A page', schema: page('JobPage', jobItem) } },
    problems: ['invalid_cursor'],
  }),
  getJob: route({
    method: 'GET',
    path: '/v1/jobs/{id}',
    right: 'signed_in',
    tag: 'Operations',
    summary: 'One job with its progress and its result',
    params,
    replies: { 200: { description: 'As it stands', schema: jobItem } },
    problems: ['job_not_found'],
  }),
  cancelJob: route({
    method: 'POST',
    path: '/v1/jobs/{id}/cancel',
    right: 'signed_in',
    audit: 'job.cancel',
    tag: 'Operations',
    summary: 'Ask a job to end',
    description:
      'It ends at its next safe place; what it has done so far stays. Asking twice changes nothing. The jobs of others need the right `job.manage`.',
    params,
    replies: { 200: { description: 'It was asked', schema: jobItem } },
    problems: ['job_not_found', 'job_over', 'not_allowed'],
  }),
  verifyLedger: route({
    method: 'POST',
    path: '/v1/jobs/verify',
    right: 'audit.read',
    audit: 'ledger.verify',
    tag: 'Operations',
    summary: 'Check the hash chain of the whole ledger, as a job',
    replies: { 202: { description: 'It runs', schema: jobItem } },
    problems: ['job_running'],
  }),
}
