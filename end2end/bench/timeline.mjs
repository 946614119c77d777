// Moves and zooms the timeline of one resource in Chromium and prints, as one line of JSON, how soon
// the next frame is painted after an interaction and how long scripts run per frame.
import { chromium } from "@playwright/test";

const { TIDEMARK_ADDRESS, TIDEMARK_COOKIE, TIDEMARK_RESOURCE, TIDEMARK_CHROMIUM } = process.env;

/** What counts as scripting in a trace of Chromium. */
const SCRIPTING = new Set([
  "EvaluateScript",
  "EventDispatch",
  "FireAnimationFrame",
  "FunctionCall",
  "RunMicrotasks",
  "TimerFire",
  "v8.callFunction",
]);

const browser = await chromium.launch({
  executablePath: TIDEMARK_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
});
try {
  const page = await open();
  const canvas = page.locator("canvas.board-canvas");
  await canvas.waitFor();
  const box = await canvas.boundingBox();
  await page.waitForLoadState("networkidle");

  const client = await page.context().newCDPSession(page);
  const events = [];
  client.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await client.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["devtools.timeline", "v8", "blink.user_timing"] },
  });
  await use(page, canvas, box);
  const complete = new Promise((resolve) => client.once("Tracing.tracingComplete", resolve));
  await client.send("Tracing.end");
  await complete;

  const interactions = await page.evaluate(() => window.interactions);
  const frames = scriptingPerFrame(events);
  console.log(
    JSON.stringify({
      interaction_p95: p95(interactions),
      interactions: interactions.length,
      script_per_frame_p95: p95(frames),
      frames: frames.length,
    }),
  );
} finally {
  await browser.close();
}

/** The page of the resource's timeline over a year, noting how long each interaction takes. */
async function open() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const [name, ...value] = TIDEMARK_COOKIE.split("=");
  await context.addCookies([{ name, value: value.join("="), url: TIDEMARK_ADDRESS }]);
  const page = await context.newPage();
  await page.addInitScript(() => {
    const longest = new Map();
    window.interactions = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (!entry.interactionId) continue;
        longest.set(entry.interactionId, Math.max(longest.get(entry.interactionId) ?? 0, entry.duration));
      }
      window.interactions = [...longest.values()];
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
  });
  await page.goto(`${TIDEMARK_ADDRESS}/timeline?arn=${encodeURIComponent(TIDEMARK_RESOURCE)}&range=1y`);
  return page;
}

/** Drags, turns the wheel and presses keys, as people do. */
async function use(page, canvas, box) {
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  for (let turn = 0; turn < 4; turn += 1) {
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x + (turn % 2 ? 300 : -300), middle.y, { steps: 40 });
    await page.mouse.up();
    await page.keyboard.down("Control");
    for (let step = 0; step < 12; step += 1) await page.mouse.wheel(0, turn % 2 ? 60 : -60);
    await page.keyboard.up("Control");
    await canvas.focus();
    for (const key of ["+", "ArrowRight", "ArrowLeft", "Shift+ArrowLeft", "-", "PageUp", "PageDown", "End"]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(60);
    }
    for (const name of ["Closer", "Farther", "Earlier", "Later"]) {
      await page.getByRole("button", { name, exact: true }).click();
      await page.waitForTimeout(60);
    }
  }
  await page.waitForTimeout(500);
}

/** Milliseconds of scripts from one frame's callback to the next one's, for frames in which any ran. */
function scriptingPerFrame(events) {
  const main = events.find((event) => event.name === "FireAnimationFrame");
  if (!main) return [];
  const ours = events.filter((event) => event.pid === main.pid && event.tid === main.tid);
  const frames = ours.filter((event) => event.name === "FireAnimationFrame").map((event) => event.ts);
  frames.sort((one, other) => one - other);
  const scripts = ours
    .filter((event) => event.ph === "X" && SCRIPTING.has(event.name) && event.dur)
    .sort((one, other) => one.ts - other.ts);
  const sums = new Map();
  let covered = 0;
  for (const { ts, dur } of scripts) {
    const from = Math.max(ts, covered);
    const until = ts + dur;
    if (until <= from) continue;
    covered = until;
    const frame = frames.findLastIndex((begin) => begin <= ts);
    sums.set(frame, (sums.get(frame) ?? 0) + (until - from) / 1000);
  }
  return [...sums.values()];
}

function p95(samples) {
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length * 0.95)] ?? 0;
}
