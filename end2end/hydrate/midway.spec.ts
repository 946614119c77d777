/**
 * Pages are left in the middle of what people do on them, on a slow machine. `TIDEMARK_LEAVING=whole` tries every way
 * at many moments; otherwise a few of them are tried.
 */
import type { Page } from "@playwright/test";

import { ORDERS, TABLE } from "../fixtures/estate.ts";
import { errorsOf, goHome, leave, slowDown, visit, WAYS } from "../fixtures/leaving.ts";
import { signIn } from "../fixtures/people.ts";
import { NEW_PLAN, field } from "../fixtures/plans.ts";
import { expect, test } from "../fixtures/test.ts";

const WHOLE = process.env.TIDEMARK_LEAVING === "whole";
const ARN = encodeURIComponent(`arn:aws:dynamodb:${ORDERS.region}:${ORDERS.id}:table/${TABLE}`);
const TIMELINE = `/timeline?text=${TABLE}&kind=DynamoDB&range=7d`;

/** Something that is begun on a page and not over when it is left. */
interface Doing {
  name: string;
  at: string;
  begin: (page: Page) => Promise<void>;
  /** Nothing else on the page takes keys meanwhile. */
  modal?: true;
}

const canvas = (page: Page) => page.getByRole("application", { name: "Timeline" });

async function hold(page: Page): Promise<{ x: number; y: number }> {
  const box = (await canvas(page).boundingBox())!;
  const place = { x: box.x + box.width / 2, y: box.y + 80 };
  await page.mouse.move(place.x, place.y);
  return place;
}

const DOINGS: Doing[] = [
  {
    name: "a timeline under the pointer is dragged",
    at: TIMELINE,
    begin: async (page) => {
      const { x, y } = await hold(page);
      await page.mouse.down();
      await page.mouse.move(x + 120, y, { steps: 3 });
    },
  },
  {
    name: "a stretch of a timeline is marked",
    at: TIMELINE,
    begin: async (page) => {
      const { x, y } = await hold(page);
      await page.keyboard.down("Shift");
      await page.mouse.down();
      await page.mouse.move(x - 90, y, { steps: 3 });
      await page.keyboard.up("Shift");
    },
  },
  {
    name: "a timeline zooms by the wheel",
    at: TIMELINE,
    begin: async (page) => {
      await hold(page);
      await page.keyboard.down("Control");
      await page.mouse.wheel(0, -300);
      await page.keyboard.up("Control");
    },
  },
  {
    name: "a timeline is walked by keys",
    at: TIMELINE,
    begin: async (page) => {
      await canvas(page).focus();
      for (const key of ["ArrowLeft", "+", "+", "Shift+ArrowLeft"]) await page.keyboard.press(key);
    },
  },
  {
    name: "a moment of a timeline is chosen",
    at: TIMELINE,
    begin: async (page) => {
      await canvas(page).focus();
      for (const key of ["ArrowLeft", "+", "+", "+", "Shift+ArrowLeft", "Enter", "Enter", "Enter"]) {
        await page.keyboard.press(key);
      }
    },
  },
  {
    name: "a timeline that was zoomed loads another range",
    at: TIMELINE,
    begin: async (page) => {
      await page.getByRole("button", { name: "Closer" }).click();
      await page.getByRole("list", { name: "Length of time" }).getByRole("link").last().click();
    },
  },
  {
    name: "a list is filtered",
    at: "/points",
    begin: async (page) => {
      await page.getByLabel("Vault").fill("orders-main");
      await page.getByRole("button", { name: "Filter" }).click();
    },
  },
  {
    name: "a page of points is picked",
    at: "/points?vault=orders-main",
    begin: (page) => page.getByRole("button", { name: "Select page" }).click(),
  },
  {
    name: "an ARN is copied",
    at: `/resources/view?arn=${ARN}`,
    begin: (page) => page.getByRole("button", { name: /^Copy/ }).first().click(),
  },
  {
    name: "the keys are explained",
    at: "/resources",
    begin: (page) => page.keyboard.press("?"),
    modal: true,
  },
  {
    name: "a list is walked by keys",
    at: "/resources",
    begin: async (page) => {
      for (const key of ["j", "j", "k", "/"]) await page.keyboard.press(key);
    },
  },
  {
    name: "a plan is typed",
    at: NEW_PLAN,
    begin: async (page) => {
      await field(page, "name").fill("half a na");
      await page.getByRole("button", { name: "Add a rule" }).click();
    },
  },
  {
    name: "a plan is checked",
    at: NEW_PLAN,
    begin: async (page) => {
      await field(page, "rule.0.every.week").check();
      await field(page, "rule.0.delete").fill("0");
      await page.getByRole("button", { name: "Check", exact: true }).last().click();
    },
  },
  {
    name: "the slider of the wizard moves",
    at: `/restore?arn=${ARN}`,
    begin: async (page) => {
      const slider = page.getByLabel("Move through the window");
      await slider.focus();
      for (const key of ["ArrowLeft", "PageDown", "ArrowRight"]) await page.keyboard.press(key);
      await page.getByRole("button", { name: "−1 h" }).click();
    },
  },
  {
    name: "the wizard goes on",
    at: `/restore?arn=${ARN}`,
    begin: async (page) => {
      await page.getByLabel("Date (UTC)").press("ArrowDown");
      await page.getByRole("button", { name: "Continue" }).click();
    },
  },
  {
    name: "links are pointed at",
    at: "/",
    begin: async (page) => {
      const main = page.getByRole("navigation", { name: "Main" });
      for (const name of ["Plans", "Records", "Runs"]) await main.getByRole("link", { name }).hover();
    },
  },
  {
    name: "a menu is open",
    at: "/runs",
    begin: (page) => page.getByText("admin", { exact: false }).first().click(),
  },
];

for (const [nth, doing] of DOINGS.entries()) {
  test(`a page is left while ${doing.name}`, async ({ page }) => {
    test.setTimeout(WHOLE ? 3_600_000 : 240_000);
    await signIn(page, "admin");
    await goHome(page);
    await slowDown(page);
    const errors = errorsOf(page);
    const open = WAYS.filter((way) => !(doing.modal && way === "key"));
    const waits = WHOLE ? Array.from({ length: 26 }, (_, at) => at * 20) : [0, 80];
    for (const [at, wait] of waits.entries()) {
      const ways = WHOLE ? open : [open[(nth + at) % open.length]!];
      for (const way of ways) {
        await test.step(`by ${way} after ${wait} ms`, async () => {
          await visit(page, doing.at);
          await doing.begin(page);
          if (wait > 0) await page.waitForTimeout(wait);
          await leave(page, way);
          await page.mouse.up();
          expect(errors, `left by ${way} after ${wait} ms`).toEqual([]);
        });
      }
    }
  });
}

test("a run is left while it is followed", async ({ page }) => {
  test.setTimeout(240_000);
  await signIn(page, "admin");
  await goHome(page);
  await slowDown(page);
  const errors = errorsOf(page);
  for (const way of WAYS) {
    const answer = await page.request.post("/api/v1/backups", {
      data: { resource: decodeURIComponent(ARN), vault: "orders-main", reason: "" },
    });
    const { run } = (await answer.json()) as { run: string };
    const stream = page.waitForRequest((request) => request.url().includes(`/runs/${run}/events`));
    await visit(page, `/runs/${run}`);
    await stream;
    await leave(page, way);
    expect(errors, `left by ${way}`).toEqual([]);
  }
});
