import type { Duplex, Readable, Writable } from 'node:stream'

export { extract, type Header, type Pack, pack } from 'tar-stream'

// tar-stream is made with streamx, whose streams Node's own pipeline takes for its own; only their types differ.
export const asNode = <S extends Readable | Writable | Duplex>(stream: object): S => stream as S
