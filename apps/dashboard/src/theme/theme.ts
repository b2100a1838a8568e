/** Mantine dressed in the page's own tokens (tokens.css). */
import { createTheme } from "@mantine/core";
import type { CSSVariablesResolver, MantineColorsTuple, MantineThemeOverride } from "@mantine/core";

const amber: MantineColorsTuple = [
  "#fff7e6",
  "#fdecc8",
  "#fadb99",
  "#f7cb6c",
  "#f4b63f",
  "#eba827",
  "#d8930a",
  "#ad7300",
  "#8a5800",
  "#5f3d00",
];
const red: MantineColorsTuple = [
  "#fff0ee",
  "#ffdcd8",
  "#ffb8b1",
  "#ff948a",
  "#ff6f61",
  "#ee4f41",
  "#d93a2d",
  "#c2281d",
  "#9c1d14",
  "#70130c",
];

/** 13 px text, tight controls: a console is read more than it is clicked. */
export const theme: MantineThemeOverride = createTheme({
  primaryColor: "amber",
  colors: { amber, red },
  primaryShade: { light: 5, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.36,
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--font-mono)",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem" },
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "compact-sm" } },
    TextInput: { defaultProps: { size: "sm" } },
    NativeSelect: { defaultProps: { size: "sm" } },
    Autocomplete: { defaultProps: { size: "sm" } },
    Switch: { defaultProps: { size: "sm", withThumbIndicator: false } },
  },
});

const tokens = {
  "--mantine-color-body": "var(--panel)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-2)",
  "--mantine-color-placeholder": "var(--ink-3)",
  "--mantine-color-default": "var(--raised)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--ink)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-color-disabled": "var(--line)",
  "--mantine-color-disabled-color": "var(--ink-3)",
  "--mantine-color-error": "var(--danger)",
  "--mantine-color-anchor": "var(--accent-ink)",
  "--mantine-color-amber-light": "var(--accent-wash)",
  "--mantine-color-amber-light-hover": "var(--accent-glow)",
  "--mantine-color-amber-light-color": "var(--accent-ink)",
  "--mantine-color-red-filled": "var(--danger-fill)",
  "--mantine-color-red-filled-hover": "var(--danger-fill-hover)",
  "--mantine-color-red-outline": "var(--danger)",
  "--mantine-color-red-outline-hover": "var(--danger-wash)",
  "--mantine-color-gray-light-color": "var(--ink-3)",
  "--mantine-color-gray-light-hover": "var(--hover)",
};

/** Mantine's colours in both schemes, taken from the tokens. */
export const resolveVariables: CSSVariablesResolver = () => ({ variables: {}, light: tokens, dark: tokens });
