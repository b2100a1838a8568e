/** Where the page starts. */
import { MantineProvider } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./theme/mantine-styles.ts";
import "./theme/tokens.css";
import "./theme/page.css";
import { App } from "./app.tsx";
import { loadFonts } from "./theme/load-fonts.ts";
import { resolveVariables, theme } from "./theme/theme.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element #root");
await loadFonts();
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={resolveVariables} defaultColorScheme="auto">
      <App />
    </MantineProvider>
  </StrictMode>,
);
