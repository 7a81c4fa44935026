/** One step of a control chart: how many were opened and closed in it, and between which limits that is usual. */
export interface ControlPoint {
  readonly opened: number
  readonly closed: number
  /** Null while there is too little history to say. */
  readonly limits: { readonly low: number; readonly high: number } | null
  /** More or fewer than the limits allow. */
  readonly out: boolean
}
