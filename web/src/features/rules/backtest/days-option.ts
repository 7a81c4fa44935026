import type { EChartsCoreOption } from 'echarts/core'
import type { Step } from './days.ts'

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
const label = (): object => ({ color: token('--ink3'), fontSize: 11, fontFamily: token('--font'), hideOverlap: true })

/** Bars of the draft, and the live version as a dashed line over them. */
export function daysOption(
  steps: readonly Step[],
  names: { readonly draft: string; readonly live: string },
): EChartsCoreOption {
  const live = steps.some(step => step.live !== null)
  return {
    textStyle: { fontFamily: token('--font') },
    grid: { left: 36, right: 10, top: 12, bottom: 24 },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: token('--surface'),
      borderColor: token('--line'),
      padding: [6, 10],
      textStyle: { color: token('--ink'), fontSize: 12, fontFamily: token('--font') },
      // Plain text: what is not ours to write must not become markup.
      renderMode: 'richText',
    },
    xAxis: {
      type: 'category',
      data: steps.map(step => step.name.slice(2)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token('--line') } },
      axisLabel: label(),
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitNumber: 3,
      axisLine: { show: false },
      axisLabel: label(),
      splitLine: { lineStyle: { color: token('--hair') } },
    },
    series: [
      {
        type: 'bar',
        name: names.draft,
        barMaxWidth: 9,
        data: steps.map(step => step.draft),
        itemStyle: { color: token('--accent') },
      },
      ...(live
        ? [
            {
              type: 'line',
              name: names.live,
              step: 'middle',
              symbol: 'none',
              data: steps.map(step => step.live ?? 0),
              lineStyle: { color: token('--bar'), width: 1.25, type: 'dashed' },
              itemStyle: { color: token('--bar') },
            },
          ]
        : []),
    ],
  }
}
