import { Checkbox, Input, Segmented, Select, Slider, Switch } from 'antd'
import type { ReactNode } from 'react'
import { AuthorGlyph } from '../../kit/author.tsx'
import { OutcomeBar } from '../../kit/bulk-bar.tsx'
import { Button } from '../../kit/button.tsx'
import { Evidence, Fact, Sentence } from '../../kit/evidence.tsx'
import { Pane } from '../../kit/region.tsx'
import { Severity } from '../../kit/severity.tsx'
import { STATES, StateCircle } from '../../kit/state-circle.tsx'
import { Bars, Empty, Failed } from '../../kit/states.tsx'
import { Chip, Chips, Tag } from '../../kit/tag.tsx'
import { ApiError } from '../../lib/api.ts'
import { toast } from '../../lib/toasts.ts'
import { useGalleryTexts } from './texts.ts'

const nothing = (): void => {}

export function SmallParts(): ReactNode {
  const t = useGalleryTexts()
  return (
    <>
      <Pane title={t('part.severity')}>
        <div className="in2">
          <div className="row">
            <Severity of="P0" />
            <Severity of="P1" />
            <Severity of="P2" />
            <Severity of="P3" />
          </div>
          <div className="three">
            {STATES.map(state => (
              <StateCircle key={state} of={state} />
            ))}
          </div>
        </div>
      </Pane>
      <Pane title={t('part.buttons')}>
        <Buttons />
      </Pane>
      <Pane title={t('part.antd')}>
        <Controls />
      </Pane>
      <Pane title={t('part.loading')}>
        <Bars rows={4} />
      </Pane>
      <Pane title={t('part.empty')}>
        <Empty title={t('say.empty')} why={t('say.emptyWhy')}>
          <Button keys="G T">{t('say.emptyGo')}</Button>
        </Empty>
      </Pane>
      <Pane title={t('part.failed')}>
        <Failed
          what={t('part.nodes')}
          error={new ApiError({ status: 0, problem: null, requestId: null })}
          onRetry={nothing}
        />
      </Pane>
      <Words />
    </>
  )
}

function Buttons(): ReactNode {
  const t = useGalleryTexts()
  return (
    <div className="in2">
      <div className="row wrap">
        <Button kind="solid" keys="⌘↵">
          {t('verb.solid')}
        </Button>
        <Button keys="A">{t('verb.plain')}</Button>
        <Button kind="ghost">{t('verb.ghost')}</Button>
        <Button kind="danger">{t('verb.danger')}</Button>
        <Button unable={t('say.refused')}>{t('verb.claim')}</Button>
      </div>
      <div className="row wrap">
        <Tag>{t('tag.plain')}</Tag>
        <Tag tone="amber">{t('tag.hold')}</Tag>
        <Tag tone="green">{t('tag.good')}</Tag>
        <Tag tone="red">{t('tag.late')}</Tag>
        <Tag tone="accent">{t('tag.draft')}</Tag>
        <Tag tone="violet">{t('tag.rule')}</Tag>
      </div>
    </div>
  )
}

function Controls(): ReactNode {
  const t = useGalleryTexts()
  return (
    <div className="in2">
      <div className="row">
        <Select
          style={{ width: 150 }}
          aria-label={t('field.team')}
          defaultValue="a"
          options={[{ value: 'a', label: t('field.teams') }]}
        />
        <Input aria-label={t('field.note')} placeholder={t('field.note')} />
      </div>
      <div className="row wrap">
        <Segmented aria-label={t('field.state')} options={[t('col.money'), t('col.cases'), t('col.share')]} />
        <Checkbox defaultChecked>{t('tag.good')}</Checkbox>
        <Switch size="small" aria-label={t('tag.good')} defaultChecked />
      </div>
      <Slider ariaLabelForHandle={t('col.clock')} defaultValue={70} />
    </div>
  )
}

function Words(): ReactNode {
  const t = useGalleryTexts()
  return (
    <>
      <Pane title={t('part.evidence')}>
        <div className="in2">
          <Evidence>
            <Sentence>
              {t('say.stuck')} <Fact onOpen={nothing}>34 h 00 m</Fact>, {t('say.usual')} <Fact>19 h 20 m</Fact>
            </Sentence>
            <Sentence speaks="out">
              {t('say.alive')} <Fact>8 s</Fact>
            </Sentence>
            <Sentence>{t('say.long')}</Sentence>
          </Evidence>
        </div>
      </Pane>
      <Pane title={t('part.author')}>
        <div className="in2">
          <div className="row">
            <AuthorGlyph of="user:lin" name="Lin" />
            <AuthorGlyph of="rule:R-104" />
            <AuthorGlyph of="system:sweep" />
            <AuthorGlyph of="feed:web" />
            <AuthorGlyph of={null} />
          </div>
          <Chips label={t('part.filters')}>
            <Chip field={t('field.team')} value={t('field.teams')} onEdit={nothing} onRemove={nothing} />
            <Chip field={t('field.state')} value={t('field.open')} onRemove={nothing} />
          </Chips>
        </div>
      </Pane>
      <Pane title={t('part.toast')}>
        <div className="in2">
          <div>
            <Button onClick={() => toast(t('say.claimed'), { undo: nothing })}>{t('verb.claim')}</Button>
          </div>
          <h3>{t('part.bulk')}</h3>
          <OutcomeBar done={180} refused={7} waiting={12} todo={15} />
          <h3>{t('part.palette')}</h3>
          <Palette />
        </div>
      </Pane>
    </>
  )
}

const TOKENS =
  'ink ink2 ink3 mute line hair surface inset bg hover sel accent red amber amber-fill green green-fill violet'

const Palette = (): ReactNode => (
  <div className="swatches xs d2">
    {TOKENS.split(' ').map(token => (
      <div key={token}>
        <span style={{ background: `var(--${token})` }} />
        {token}
      </div>
    ))}
  </div>
)
