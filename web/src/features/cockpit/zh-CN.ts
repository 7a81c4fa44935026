export const zhCN = {
  title: '驾驶舱',
  open: '未关闭的异常工单',
  'open.more': '按级别，最严重的在前',
  none: '没有未关闭的异常工单',
  'none.why': '订单一有异常，工单会自己出现在这里。',
  'col.severity': '级',
  'col.type': '异常',
  'col.order': '订单',
  'col.amount': '金额',
  'col.opened': '发现',
} as const
