import { REFUSALS, type RefusalCode } from '../refusals.ts'

/** The title of a problem, the same for every case of it. */
interface ProblemKind {
  readonly status: number
  readonly zh: string
  readonly en: string
}

/** What to do about it, for people who read Chinese; in English each `detail` says it with the values at hand. */
const WHAT_TO_DO: { readonly [code in ProblemName]?: string } = {
  invalid_request: '请检查填写的内容',
  not_signed_in: '登录已结束，请重新登录',
  backtest_not_found: '它可能已过保留期限，请重新回测',
  job_not_found: '它可能已过保留期限',
  view_not_found: '它可能已被删除，请刷新页面',
  order_not_found: '请检查编号，或确认您能看到该店铺的订单',
  case_not_found: '请检查编号，或确认您能看到该店铺的工单',
  request_timeout: '请检查网络后重试',
  incident_elsewhere: '请选择别的地点',
  practice_not_offered: '请用 andon start --practice 单独启动',
  too_many_incidents: '请等其中一个结束',
  still_refused: '请先排除原因，再重放',
  view_changed: '请刷新页面后再改',
  too_many_views: '请先删除一个',
  job_running: '可在“系统”页查看进度',
  rule_draft_conflict: '请刷新页面，再把您的修改加进去',
  rule_change_waits: '请先撤回那个变更',
  table_draft_conflict: '请刷新页面，再把您的修改加进去',
  table_change_waits: '请先撤回那个变更',
  rule_too_soon: '请选择将来的时间；已经生效的请再做一次变更',
  too_many_orders: '请改用只属于这个人的信息',
  payload_too_large: '请分成几次发送',
  table_sheet_refused: '请按表头的列粘贴',
  rule_examples_failed: '请修改条件或示例',
  retention_out_of_range: '请填写允许范围内的天数',
  rate_limited: '请稍后再试',
  overloaded: '请稍后再试，这次没有保存任何内容',
  internal: '请稍后再试；若仍出现，请把请求编号告诉管理员',
  sealed_text_unreadable: '请管理员运行 andon verify-ledger',
  database_unavailable: '没有确认是否已保存，请稍后原样重试，不会重复生效',
  practice_not_started: '请运行 npm start -- --practice，它会说明原因',
  not_ready: '请稍后再试',
}

const REFUSED = { zh: '命令被拒绝', en: 'The command was refused' }

/** Every problem that the API may answer with. Codes are stable; what to do is in the `detail` of each answer. */
const OWN = {
  invalid_request: { status: 400, zh: '请求有误', en: 'The request is not well formed' },
  invalid_json: { status: 400, zh: '内容不是有效的 JSON', en: 'The body is not JSON' },
  invalid_encoding: { status: 400, zh: '内容不是 UTF-8', en: 'The body is not UTF-8' },
  invalid_cursor: { status: 400, zh: '游标无效', en: 'The cursor does not belong to this list' },
  sign_in_refused: {
    ...{ status: 401, zh: '邮箱或密码不正确，或该账号不能登录' },
    en: 'The mail address or the password is wrong, or this person may not sign in',
  },
  second_factor_refused: {
    ...{ status: 401, zh: '验证码错误、已使用或已过期' },
    en: 'The code is wrong, used or too old',
  },
  key_refused: {
    status: 401,
    zh: '接口密钥无效、已过期或已撤销',
    en: 'The API key is unknown, has run out or was revoked',
  },
  not_signed_in: { status: 401, zh: '请先登录', en: 'Sign in first' },
  not_allowed: { status: 403, zh: '没有这项权限', en: 'You may not do this' },
  reach_narrowed: {
    ...{ status: 403, zh: '这些数字超出了您的可见范围' },
    en: 'These figures reach further than you do',
  },
  cross_site: { status: 403, zh: '请求来自其他网站', en: 'The request comes from another site' },
  beyond_your_rights: {
    ...{ status: 403, zh: '不能授予或更改自己没有的权限' },
    en: 'Nobody gives away or changes rights that they do not have',
  },
  key_address: { status: 403, zh: '该密钥不能从这个地址使用', en: 'The API key may not be used from this address' },
  persons_only: { status: 403, zh: '只适用于登录的人员', en: 'For people who signed in, not for keys' },
  wrong_password: { status: 403, zh: '当前密码不正确', en: 'The present password is wrong' },
  key_not_found: { status: 404, zh: '没有这个接口密钥', en: 'There is no such API key' },
  person_not_found: { status: 404, zh: '没有这个人员', en: 'There is no such person' },
  role_not_found: { status: 404, zh: '没有这个角色', en: 'There is no such role' },
  session_not_found: { status: 404, zh: '没有这个登录会话', en: 'There is no such session' },
  sso_not_found: { status: 404, zh: '没有配置这个单点登录', en: 'This single sign-on is not set up' },
  route_not_found: { status: 404, zh: '没有这个地址', en: 'There is nothing at this address' },
  order_not_found: { status: 404, zh: '没有这个订单', en: 'There is no such order' },
  case_not_found: { status: 404, zh: '没有这个工单', en: 'There is no such case' },
  quarantine_not_found: { status: 404, zh: '隔离区没有这条记录', en: 'There is no such quarantined row' },
  audit_not_found: { status: 404, zh: '没有这条审计记录', en: 'There is no such audit entry' },
  view_not_found: { status: 404, zh: '没有这个视图', en: 'There is no such view' },
  erasure_not_found: { status: 404, zh: '没有这条删除记录', en: 'There is no such erasure' },
  job_not_found: { status: 404, zh: '没有这个任务', en: 'There is no such job' },
  command_not_found: { status: 404, zh: '没有这个命令的结果', en: 'There is no outcome of such a command' },
  rule_not_found: { status: 404, zh: '没有这条规则', en: 'There is no such rule' },
  table_version_not_found: { status: 404, zh: '决策表没有这个版本', en: 'The table has no such version' },
  rule_version_not_found: { status: 404, zh: '规则没有这个版本', en: 'The rule has no such version' },
  incident_not_found: { status: 404, zh: '没有这个演练事件', en: 'There is no such incident' },
  backtest_not_found: { status: 404, zh: '没有这次回测', en: 'There is no such back-test' },
  method_not_allowed: { status: 405, zh: '不支持这种请求方式', en: 'This method is not offered here' },
  request_timeout: { status: 408, zh: '请求传输太慢', en: 'The request arrived too slowly' },
  key_changed: { status: 409, zh: '密钥已被他人修改或撤销', en: 'Somebody else changed or revoked this key meanwhile' },
  key_exists: { status: 409, zh: '密钥名称已被使用', en: 'There is a key of this name already' },
  last_administrator: { status: 409, zh: '至少要有一名管理员', en: 'Somebody must remain an administrator' },
  mail_not_set_up: {
    status: 409,
    zh: '没有配置邮件服务器，请向管理员索取链接',
    en: 'No mail server is set up: ask an administrator for a link',
  },
  person_changed: { status: 409, zh: '人员信息已被他人修改', en: 'Somebody else changed this person meanwhile' },
  person_exists: {
    status: 409,
    zh: '邮箱或账号名已被使用',
    en: 'There is somebody with this mail address or handle already',
  },
  role_built_in: { status: 409, zh: '内置角色不能修改', en: 'Built-in roles stay as they are' },
  role_changed: { status: 409, zh: '角色已被他人修改', en: 'Somebody else changed this role meanwhile' },
  role_exists: { status: 409, zh: '角色编号已被使用', en: 'There is a role of this id already' },
  role_in_use: { status: 409, zh: '仍有人员使用该角色', en: 'People have this role' },
  second_factor_state: {
    status: 409,
    zh: '两步验证的状态不允许这样操作',
    en: 'The second factor is not in a state that allows this',
  },
  link_invalid: {
    status: 410,
    zh: '链接已使用、已过期或不完整',
    en: 'The link was used, has run out or is not complete',
  },
  event_conflict: { status: 409, zh: '同一编号的消息内容不同', en: 'The same event id with another content' },
  incident_elsewhere: { status: 409, zh: '这里不会发生这种事', en: 'That does not happen there' },
  not_a_practice_world: { status: 409, zh: '这里不是演练环境', en: 'This is no practice world' },
  practice_not_offered: { status: 409, zh: '这里不能启动演练环境', en: 'No practice world can be started from here' },
  too_many_incidents: { status: 409, zh: '同时发生的事件太多', en: 'Too much goes wrong at once already' },
  not_replayable: { status: 409, zh: '这条记录不能重放', en: 'This row cannot be replayed' },
  still_refused: { status: 409, zh: '重放仍被拒绝', en: 'The row is still refused' },
  view_changed: { status: 409, zh: '视图已被他人修改', en: 'The view was changed meanwhile' },
  too_many_views: { status: 409, zh: '视图太多', en: 'Too many views' },
  job_over: { status: 409, zh: '任务已经结束', en: 'The job is over' },
  job_running: { status: 409, zh: '同类任务正在运行', en: 'Such a job runs already' },
  rule_draft_conflict: { status: 409, zh: '规则已被他人修改', en: 'Somebody else saved the rule' },
  rule_change_waits: { status: 409, zh: '规则已有待生效的变更', en: 'A change of the rule waits for its time' },
  rule_stands_already: { status: 409, zh: '规则已处于这个阶段', en: 'The rule stands like this already' },
  table_draft_conflict: { status: 409, zh: '决策表已被他人修改', en: 'Somebody else saved the table' },
  table_change_waits: { status: 409, zh: '决策表已有待生效的变更', en: 'A change of the table waits for its time' },
  table_stands_already: { status: 409, zh: '决策表已是这个版本', en: 'This version decides already' },
  rule_too_soon: { status: 409, zh: '生效时间太早', en: 'The instant is too early' },
  too_many_orders: { status: 409, zh: '涉及的订单太多', en: 'More orders than one person has' },
  payload_too_large: { status: 413, zh: '内容太大', en: 'The body is too large' },
  too_many_events: { status: 413, zh: '一批消息太多', en: 'Too many events in one batch' },
  unsupported_media_type: { status: 415, zh: '不支持这种内容类型', en: 'This content type is not taken here' },
  host_refused: { status: 421, zh: '不接受这个主机名', en: 'This host name is not served' },
  invalid_event: { status: 422, zh: '消息有误', en: 'An event is not well formed' },
  rule_refused: { status: 422, zh: '规则条件有误', en: 'The condition of the rule is refused' },
  table_refused: { status: 422, zh: '决策表有误', en: 'The table is refused' },
  table_sheet_refused: { status: 422, zh: '粘贴的内容列数不符', en: 'What was pasted has other columns' },
  rule_examples_failed: { status: 422, zh: '规则示例未通过', en: 'Examples of the rule fail' },
  password_refused: { status: 422, zh: '这个密码不安全，请换一个', en: 'Choose another password' },
  too_many_tries: { status: 429, zh: '尝试次数太多，请稍后再试', en: 'Too many tries: wait a little' },
  rate_limited: { status: 429, zh: '请求太频繁，或超出当日配额', en: 'Too many requests for this API key' },
  retention_out_of_range: { status: 422, zh: '保留期限超出范围', en: 'The days are out of range' },
  overloaded: { status: 429, zh: '等待处理的消息太多', en: 'Too much waits already' },
  headers_too_large: { status: 431, zh: '请求头太大', en: 'The headers are too large' },
  internal: { status: 500, zh: '内部错误', en: 'Something broke on our side' },
  sealed_text_unreadable: { status: 500, zh: '密文无法打开', en: 'A sealed text does not open' },
  mail_not_sent: {
    status: 502,
    zh: '邮件服务器未接受邮件，请稍后重新发送链接',
    en: 'The mail server did not take the mail: send the link again later',
  },
  database_unavailable: { status: 503, zh: '数据库暂时不可用', en: 'The database does not answer' },
  practice_not_started: { status: 503, zh: '演练环境没有启动成功', en: 'The practice world did not start' },
  not_ready: { status: 503, zh: '尚未就绪', en: 'Not ready to serve' },
} as const satisfies Record<string, ProblemKind>

export type ProblemName = keyof typeof OWN | RefusalCode

const refusals = Object.fromEntries(Object.keys(REFUSALS).map(code => [code, { status: 409, ...REFUSED }]))

/** All codes: those of the API itself, and those with which the domain refuses a command. */
export const PROBLEMS: { readonly [code: string]: ProblemKind } = { ...refusals, ...OWN }

export const isProblemName = (code: string): code is ProblemName => Object.hasOwn(PROBLEMS, code)

export const problemKind = (code: ProblemName): ProblemKind => PROBLEMS[code] ?? OWN.internal

/** What any route may answer with, whatever else it says. */
export const ANYWHERE = ['invalid_request', 'cross_site', 'host_refused', 'internal', 'database_unavailable'] as const

/** And what any route that is not public may answer with. */
export const BEHIND_THE_DOOR = ['not_signed_in', 'key_refused', 'not_allowed', 'key_address', 'rate_limited'] as const

/** RFC 9457, `type`: a page that explains the code. */
export const problemType = (code: string): string => `/problems#${code}`

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/** The problem in a sentence of Chinese, with what to do where that is not the same as the title. */
export function problemInChinese(code: ProblemName): string {
  const todo = WHAT_TO_DO[code]
  return todo === undefined ? problemKind(code).zh : `${problemKind(code).zh}：${todo}`
}
