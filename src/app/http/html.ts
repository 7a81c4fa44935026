import { PROBLEMS } from '../../contract/api/index.ts'

/** The table of problems, and what `/` shows while the console is not built. No script, nothing from elsewhere. */

export type Language = 'zh' | 'en'

/** `?lang=` wins, then what the browser prefers. */
export const languageOf = (asked: Language | undefined, accepted: string | undefined): Language =>
  asked ?? (/^\s*zh\b/i.test(accepted ?? '') ? 'zh' : 'en')

const WORDS = {
  zh: {
    lead: 'Andon 正在运行：接收各渠道的订单事件，精确到毫秒地发现异常，并为每个异常建立工单。',
    console: '操作界面尚未构建：请运行 npm run build，然后重新启动。',
    open: '还没有用户和权限，请只在自己能访问的地方运行。',
    links: [
      ['/v1/orders?limit=20', '订单'],
      ['/v1/cases?limit=20', '异常工单'],
      ['/v1/findings?holds=true', '当前成立的发现'],
      ['/v1/rules', '生效的规则'],
      ['/v1/event-types', '可发送的事件'],
      ['/v1/feeds', '数据源'],
      ['/v1/quarantine', '隔离区'],
      ['/v1/unmatched', '等待订单的消息'],
      ['/openapi.json', '接口说明（OpenAPI 3.1）'],
      ['/problems', '错误码'],
      ['/metrics', '指标（Prometheus）'],
      ['/readyz', '是否就绪'],
    ],
    problems: '错误码',
    problemsLead: '接口返回的每个错误都带有稳定的代码（RFC 9457）；detail 说明怎么办。',
    other: ['?lang=en', 'English'],
  },
  en: {
    lead: 'Andon runs: it takes in the events of your orders, finds to the millisecond what goes wrong, and opens a case for it.',
    console: 'The console is not built: run npm run build, then start again.',
    open: 'There are no users and no rights yet: run it where only you can reach it.',
    links: [
      ['/v1/orders?limit=20', 'Orders'],
      ['/v1/cases?limit=20', 'Cases'],
      ['/v1/findings?holds=true', 'Findings that hold now'],
      ['/v1/rules', 'Rules in force'],
      ['/v1/event-types', 'Events that may be sent'],
      ['/v1/feeds', 'Feeds'],
      ['/v1/quarantine', 'Quarantine'],
      ['/v1/unmatched', 'Messages that wait for their order'],
      ['/openapi.json', 'The API (OpenAPI 3.1)'],
      ['/problems', 'Problem codes'],
      ['/metrics', 'Metrics (Prometheus)'],
      ['/readyz', 'Readiness'],
    ],
    problems: 'Problem codes',
    problemsLead: 'Every problem of the API carries a stable code (RFC 9457); `detail` says what to do.',
    other: ['?lang=zh', '中文'],
  },
} as const

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 44rem; margin: 3rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; } li { margin: .25rem 0; } code { font-size: .95em; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .25rem .9rem .25rem 0; vertical-align: top; }
`

export function landingPage(language: Language, version: string): string {
  const words = WORDS[language]
  const links = words.links.map(([href, text]) => `<li><a href="${href}">${text}</a></li>`).join('\n')
  return page(language, 'Andon', [
    `<h1>Andon <small>${version}</small></h1>`,
    `<p>${words.lead}</p>`,
    `<ul>${links}</ul>`,
    `<p>${words.console} ${words.open}</p>`,
  ])
}

export function problemsPage(language: Language): string {
  const words = WORDS[language]
  const rows = Object.entries(PROBLEMS)
    .sort(([a, x], [b, y]) => x.status - y.status || (a < b ? -1 : 1))
    .map(
      ([code, p]) => `<tr id="${code}"><td>${p.status}</td><td><code>${code}</code></td><td>${p[language]}</td></tr>`,
    )
  return page(language, words.problems, [
    `<h1>${words.problems}</h1>`,
    `<p>${words.problemsLead}</p>`,
    `<table>${rows.join('\n')}</table>`,
  ])
}

function page(language: Language, title: string, parts: readonly string[]): string {
  const [href, other] = WORDS[language].other
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body>
${parts.join('\n')}
<p><a href="${href}">${other}</a></p>
</body></html>
`
}
