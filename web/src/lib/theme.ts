import { type ThemeConfig, theme } from 'antd'

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/**
 * antd wears our tokens: flat, 28 px controls, no wave. Read from the page, so call it again when the theme changes. No
 * compact algorithm: it would shrink our 28 and 13 px to 24 and 12.
 */
export function antdTheme(dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      ...colours(),
      borderRadius: 6,
      controlHeight: 28,
      fontSize: 13,
      fontFamily: token('--font'),
      motionDurationMid: '0.1s',
      boxShadow: token('--shadow'),
    },
    components: {
      Button: {
        // The pair that antd derives for dark fails AA.
        colorPrimary: token('--accent'),
        primaryColor: token('--accent-ink'),
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
      },
      Slider: {
        railSize: 3,
        handleSize: 9,
        trackBg: token('--accent'),
        trackHoverBg: token('--accent'),
        handleColor: token('--accent'),
        railBg: token('--bar2'),
      },
    },
  }
}

const colours = (): ThemeConfig['token'] => ({
  colorPrimary: token('--accent'),
  colorBgContainer: token('--surface'),
  colorBgElevated: token('--surface'),
  colorBorder: token('--line'),
  colorBorderSecondary: token('--hair'),
  colorText: token('--ink'),
  colorTextSecondary: token('--ink2'),
  colorTextTertiary: token('--ink3'),
  colorTextDescription: token('--ink3'),
  colorTextPlaceholder: token('--ink3'),
  colorError: token('--red'),
  colorWarning: token('--amber-fill'),
  colorSuccess: token('--green-fill'),
})
