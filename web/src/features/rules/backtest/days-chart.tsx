import { BarChart } from 'echarts/charts'
import { use } from 'echarts/core'
import { Chart } from '../../../kit/chart.tsx'

// Only here: the cockpit draws lines alone.
use([BarChart])

export const DaysChart = Chart
