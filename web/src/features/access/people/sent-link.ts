/** A link for somebody: mailed, or shown this once to be handed over. */
export interface SentLink {
  readonly sent: boolean
  readonly link: string | null
}
