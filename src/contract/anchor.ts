import * as z from 'zod'

/**
 * The newest link of every chain at one instant, signed. Kept outside, it shows later whether what was written by then is
 * still there as it was: also when somebody who has the master secret wrote a whole chain anew, or cut off its end.
 */
export const anchorShape = z.strictObject({
  andon: z.literal('anchor'),
  v: z.literal(1),
  at: z.iso.datetime({ precision: 3 }),
  key: z.base64().length(44).meta({ description: 'Ed25519 public key; follows from the master secret' }),
  links: z
    .array(
      z.strictObject({
        chain: z.enum(['ledger', 'audit']),
        group: z.int().min(0).nullable().meta({ description: 'bucket group of a ledger chain' }),
        n: z.int().min(0),
        pos: z.int().min(0).meta({ description: 'the last position that the link covers' }),
        hash: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .max(100),
  signature: z.base64().max(100).meta({ description: 'over the rest as JSON with sorted keys and without spaces' }),
})
export type Anchor = z.output<typeof anchorShape>
