/**
 * An animated WebP of single ones, each a still as a browser's canvas writes it. Source: WebP Container Specification,
 * https://developers.google.com/speed/webp/docs/riff_container
 */
export interface Frame {
  /** A still WebP, lossy and without transparency. */
  readonly image: Buffer
  /** ms */
  readonly shown: number
}

const ANIMATED = 0x02
const HEADER = 12

const u24 = (n: number): Buffer => Buffer.from([n & 255, (n >> 8) & 255, (n >> 16) & 255])

function chunk(name: string, body: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(body.length)
  // Chunks begin at even places.
  return Buffer.concat([Buffer.from(name), size, body, Buffer.alloc(body.length % 2)])
}

/** The picture itself: of the chunks, the one with the pixels. @throws when the browser wrote something else */
function pixelsOf(image: Buffer): Buffer {
  for (let at = HEADER; at + 8 <= image.length; ) {
    const size = image.readUInt32LE(at + 4)
    const end = at + 8 + size + (size % 2)
    if (image.toString('latin1', at, at + 4) === 'VP8 ') return image.subarray(at, end)
    at = end
  }
  throw new Error('this is no lossy WebP')
}

/** One after the other, over and over. */
export function animated(frames: readonly Frame[], size: { readonly width: number; readonly height: number }): Buffer {
  const canvas = Buffer.concat([u24(size.width - 1), u24(size.height - 1)])
  const parts = frames.map(({ image, shown }) =>
    chunk('ANMF', Buffer.concat([u24(0), u24(0), canvas, u24(shown), Buffer.from([0]), pixelsOf(image)])),
  )
  const head = chunk('VP8X', Buffer.concat([Buffer.from([ANIMATED, 0, 0, 0]), canvas]))
  const loop = chunk('ANIM', Buffer.from([255, 255, 255, 255, 0, 0]))
  return chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), head, loop, ...parts]))
}
