import type { EChartsCoreOption } from 'echarts/core'
import type { ControlPoint } from '../lib/control.ts'

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
const label = (more: object = {}): object => ({
  color: token('--ink3'),
  fontSize: 11,
  fontFamily: token('--font'),
  hideOverlap: true,
  ...more,
})

export interface ControlDrawing {
  readonly points: readonly ControlPoint[]
  /** What stands below each point. */
  readonly names: readonly string[]
  /** Said on the chart, at most two. */
  readonly notes: readonly { readonly index: number; readonly text: string }[]
  readonly tooltip: (index: number) => string
}

/** House axes: no ticks, no line at y, four grid lines at most. Colours are read when it is drawn. */
export function controlOption({ points, names, notes, tooltip }: ControlDrawing): EChartsCoreOption {
  const line = { type: 'line', symbol: 'none', silent: true }
  const band = points.map(p => p.limits)
  return {
    textStyle: { fontFamily: token('--font') },
    grid: { left: 34, right: 18, top: 22, bottom: 24 },
    tooltip: tooltipOf(tooltip),
    xAxis: {
      type: 'category',
      data: [...names],
      boundaryGap: false,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token('--line') } },
      axisLabel: label({ interval: Math.max(0, Math.ceil(names.length / 7) - 1) }),
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitNumber: 4,
      axisLine: { show: false },
      axisLabel: label(),
      splitLine: { lineStyle: { color: token('--hair') } },
    },
    series: [
      { ...line, stack: 'band', data: band.map(b => b?.low ?? null), lineStyle: { opacity: 0 } },
      {
        ...line,
        stack: 'band',
        data: band.map(b => (b ? b.high - b.low : null)),
        lineStyle: { opacity: 0 },
        areaStyle: { color: token('--bar2'), opacity: 0.45 },
      },
      { ...line, data: points.map(p => p.closed), lineStyle: { color: token('--bar'), width: 1.25 } },
      openedSeries(points, notes),
    ],
  }
}

function openedSeries(points: readonly ControlPoint[], notes: ControlDrawing['notes']): object {
  const out = points.flatMap((p, i) => (p.out ? [{ coord: [i, p.opened] }] : []))
  return {
    type: 'line',
    symbol: 'none',
    silent: true,
    data: points.map(p => p.opened),
    lineStyle: { color: token('--accent'), width: 1.75 },
    markPoint: {
      symbol: 'circle',
      symbolSize: 7,
      itemStyle: { color: token('--surface'), borderColor: token('--red'), borderWidth: 2 },
      label: { show: false },
      data: out,
    },
    markLine: {
      symbol: 'none',
      silent: true,
      lineStyle: { color: token('--mute'), type: 'dashed', width: 1 },
      data: notes.map(({ index, text }) => ({
        xAxis: index,
        label: label({
          formatter: text,
          position: 'end',
          color: token('--red'),
          align: index > points.length / 2 ? 'right' : 'left',
        }),
      })),
    },
  }
}

const tooltipOf = (text: (index: number) => string): object => ({
  trigger: 'axis',
  confine: true,
  backgroundColor: token('--surface'),
  borderColor: token('--line'),
  padding: [6, 10],
  textStyle: { color: token('--ink'), fontSize: 12, fontFamily: token('--font') },
  axisPointer: { type: 'line', lineStyle: { color: token('--mute') } },
  // Plain text: what is not ours to write must not become markup.
  renderMode: 'richText',
  formatter: (given: unknown) => text(indexIn(given)),
})

const indexIn = (given: unknown): number => {
  const first: unknown = Array.isArray(given) ? given[0] : given
  return typeof first === 'object' && first !== null && 'dataIndex' in first ? Number(first.dataIndex) : 0
}
