export const zhCN = {
  close: '关闭',
  'search.open': '搜索或执行命令',
  'link.updated': '已更新 · {{time}}',
  'link.offline': '连接已断开，正在重连',
  'state.loading': '正在加载',
  'state.retry': '重试',
  'state.failed': '{{what}}没有取到',
  'state.unreachable': '服务 {{time}} 未应答。其余内容仍然可用。',
  'state.refused': '{{detail}}（{{code}}）',
  'state.request': '请求编号 {{id}}',
} as const
