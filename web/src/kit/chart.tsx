import { LineChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent, MarkPointComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, type EChartsType, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { type ReactNode, useEffect, useRef } from 'react'

// SVG: text follows the web fonts, which a canvas would keep blank.
use([LineChart, GridComponent, MarkLineComponent, MarkPointComponent, TooltipComponent, SVGRenderer])

export interface ChartProps {
  readonly option: EChartsCoreOption
  readonly height: number | string
  /** One sentence that says what it shows. */
  readonly told: string
  /** Index of the point that was clicked. */
  readonly onPoint?: (index: number) => void
}

/** A drawing of ECharts. The numbers behind it are offered as a table beside it. */
export function Chart({ option, height, told, onPoint }: ChartProps): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(null)
  const point = useRef(onPoint)
  point.current = onPoint
  useEffect(() => {
    if (box.current === null) return
    const made = init(box.current, null, { renderer: 'svg' })
    chart.current = made
    made.getZr().on('click', event => {
      const at = made.convertFromPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY])
      if (at?.[0] !== undefined && made.containPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY]))
        point.current?.(Math.round(at[0]))
    })
    const watch = new ResizeObserver(() => made.resize())
    watch.observe(box.current)
    return () => {
      watch.disconnect()
      made.dispose()
    }
  }, [])
  useEffect(() => {
    chart.current?.setOption({ animation: false, ...option }, { notMerge: true })
  }, [option])
  return <div ref={box} role="img" aria-label={told} style={{ height, cursor: onPoint ? 'pointer' : undefined }} />
}
