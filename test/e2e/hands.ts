import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

/** The same steps by mouse and by keyboard alone. */
export interface Hands {
  /** Presses a button, a link or an option. */
  press(what: Locator): Promise<void>
  /** Puts a text into a box, in the place of what stands there. */
  write(box: Locator, text: string): Promise<void>
  /** Chooses of a list by the words that are read. */
  choose(list: Locator, words: string): Promise<void>
}

export const mouse: Hands = {
  press: what => what.click(),
  async write(box, text) {
    await box.click()
    await box.fill(text)
  },
  async choose(list, words) {
    await list.selectOption({ label: words })
  },
}

const MOST_TABS = 150
const MOST_OPTIONS = 30

/** Nothing but keys: what cannot be reached by Tab cannot be used. */
export function keyboardOf(page: Page): Hands {
  const isFocused = (what: Locator): Promise<boolean> => what.evaluate(element => element === document.activeElement)
  const reach = async (what: Locator): Promise<void> => {
    await what.waitFor()
    for (let n = 0; n < MOST_TABS && !(await isFocused(what)); n++) await page.keyboard.press('Tab')
    assert.ok(await isFocused(what), `Tab reaches ${what}`)
  }
  const chosen = (list: Locator): Promise<string> =>
    list.evaluate(element => (element instanceof HTMLSelectElement ? (element.selectedOptions[0]?.label ?? '') : ''))
  return {
    async press(what) {
      await reach(what)
      await page.keyboard.press('Enter')
    },
    async write(box, text) {
      await reach(box)
      await page.keyboard.press('ControlOrMeta+a')
      await page.keyboard.type(text)
    },
    async choose(list, words) {
      await reach(list)
      await page.keyboard.press('Home')
      for (let n = 0; n < MOST_OPTIONS && (await chosen(list)) !== words; n++) await page.keyboard.press('ArrowDown')
      assert.equal(await chosen(list), words)
    },
  }
}
