/** How Vite builds the page. build.ts runs it when the sources changed; `npx vite` here serves it with hot reload. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import type { UserConfig } from "vite";

// Where a control plane runs while somebody works on the page with `npx vite`.
const controlPlane = process.env["DIMMER_URL"] ?? "http://127.0.0.1:7700";

const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: "es2023",
    // A data: URL for a font or an image would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // One page, one script: nothing is gained by splitting it.
    chunkSizeWarningLimit: 1024,
  },
  server: { host: "127.0.0.1", proxy: { "/api": controlPlane } },
});

export default config;
