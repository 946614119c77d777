import { defineConfig } from "@playwright/test";

/** Debian's Chromium, unless `cargo xtask test` found another. */
const executablePath = process.env.TIDEMARK_CHROMIUM ?? "/usr/bin/chromium";

export default defineConfig({
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  forbidOnly: true,
  // Once more with a console of its own, so that a busy machine's bad moment is told from a defect; the
  // summary says how many needed it. TIDEMARK_RETRIES=0 forgives nothing.
  retries: Number(process.env.TIDEMARK_RETRIES ?? 1),
  // Each worker starts a console with a simulated AWS of its own. They wait more than they compute: three use two
  // processors well.
  workers: 3,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    headless: true,
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Stockholm",
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "nojs", testDir: "nojs", use: { javaScriptEnabled: false } },
    { name: "hydrate", testDir: "hydrate" },
    // They move the time of their console; others would be surprised by it.
    { name: "time", testDir: "time" },
  ],
});
