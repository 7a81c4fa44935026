/** The part of the package that we use; it ships no types. */
declare module 'pg-copy-streams' {
  import type { Writable } from 'node:stream'
  import type { Submittable } from 'pg'

  /** A stream to be given to `client.query`: what is written to it is the input of the COPY statement. */
  export function from(text: string): Writable & Submittable
}
