import * as z from 'zod'
import { jobItem } from './jobs.ts'
import { named, route } from './route.ts'
import { at } from './shapes.ts'

const backupFile = named(
  'BackupFile',
  z.strictObject({
    name: z.string(),
    size: z.int().meta({ description: 'Bytes' }),
    createdAt: at(),
    encrypted: z.boolean(),
  }),
)

const backups = named(
  'Backups',
  z.strictObject({
    every: z.int().nullable().meta({ description: 'ms between two of them; null: only when somebody asks' }),
    keep: z.int().meta({ description: 'How many of those that the server made by itself stay' }),
    encrypted: z.boolean().meta({ description: 'Whether the next one will be' }),
    lastDoneAt: at().nullable(),
    lastFailure: z.strictObject({ at: at(), message: z.string() }).nullable().meta({
      description: 'The latest attempt, when it failed; null when it went well',
    }),
    overdue: z.boolean().meta({ description: 'By the schedule there should have been another one' }),
    items: z.array(backupFile).max(1000).meta({ description: 'What lies in the folder, newest first' }),
  }),
)
export type BackupsState = z.output<typeof backups>

export const backupRoutes = {
  listBackups: route({
    method: 'GET',
    path: '/v1/backups',
    right: 'backup.run',
    tag: 'Operations',
    summary: 'The backups that there are, and how the last one went',
    replies: { 200: { description: 'As it stands', schema: backups } },
  }),
  startBackup: route({
    method: 'POST',
    path: '/v1/backups',
    right: 'backup.run',
    audit: 'backup.run',
    tag: 'Operations',
    summary: 'Make a backup now, as a job',
    description: 'Everything runs on meanwhile. The file is written on the server and never sent over this API.',
    replies: { 202: { description: 'It runs', schema: jobItem } },
    problems: ['job_running'],
  }),
}
