import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'

/** A text as a code for cameras. Drawn here: no other server sees the secret in it. */
export function QrCode({ text, label }: { text: string; label: string }): ReactNode {
  const drawn = useQuery({
    queryKey: ['qr', text],
    queryFn: () => draw(text),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (drawn.data === undefined) return <div className="qr" style={{ height: 196 }} />
  const { size, path } = drawn.data
  return (
    <div className="qr">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
        <path d={path} fill="#000" />
      </svg>
    </div>
  )
}

/** The dark squares as one path. */
async function draw(text: string): Promise<{ size: number; path: string }> {
  const { create } = await import('qrcode')
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const { size, data } = modules
  let path = ''
  for (let i = 0; i < data.length; i++) if (data[i]) path += `M${i % size} ${Math.floor(i / size)}h1v1h-1z`
  return { size, path }
}
