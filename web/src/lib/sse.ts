/** Server-sent events, as the HTML standard writes them. A parser of our own, since `EventSource` cannot go on after another tab. */
export interface SentEvent {
  readonly id: string | null
  readonly name: string
  readonly data: string
}

/** Takes the text as it comes, in any pieces; gives back the events that are complete. */
export function sseParser(): (text: string) => SentEvent[] {
  let rest = ''
  let id: string | null = null
  let name = ''
  let data: string[] = []
  const line = (text: string): SentEvent[] => {
    if (text === '') {
      const event = { id, name: name || 'message', data: data.join('\n') }
      const empty = data.length === 0
      name = ''
      data = []
      return empty ? [] : [event]
    }
    const at = text.indexOf(':')
    const field = at < 0 ? text : text.slice(0, at)
    const value = at < 0 ? '' : text.slice(at + 1).replace(/^ /, '')
    if (field === 'id') id = value
    if (field === 'event') name = value
    if (field === 'data') data.push(value)
    return []
  }
  return text => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    return lines.flatMap(line)
  }
}
