/** While something loads anew, what is shown still is what it was, and works. */
import type { Page } from "@playwright/test";

import { TABLE } from "../fixtures/estate.ts";
import { hydrated } from "../fixtures/hydration.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

/** Holds what the server is asked for until it is let go. */
async function hold(page: Page, what: RegExp): Promise<{ asked: string[]; letGo: () => void }> {
  let letGo = () => {};
  const free = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const asked: string[] = [];
  await page.route(what, async (route) => {
    asked.push(new URL(route.request().url()).pathname);
    await free;
    await route.continue();
  });
  return { asked, letGo };
}

async function open(page: Page): Promise<void> {
  await signIn(page, "operator");
  await page.goto(`/timeline?text=${TABLE}&kind=DynamoDB&range=7d`);
  await hydrated(page);
  const canvas = page.getByRole("application", { name: "Timeline" });
  await canvas.focus();
  await page.keyboard.press("ArrowLeft");
  for (let n = 0; n < 6; n += 1) await page.keyboard.press("+");
  await page.keyboard.press("Shift+ArrowLeft");
  await expect(page).toHaveURL(/from=.*until=/);
}

test("a timeline is walked on while its wizard is on the way", async ({ page }) => {
  await open(page);
  const questions: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/timeline/get")) questions.push(request.postData() ?? "");
  });
  const { asked, letGo } = await hold(page, /\/pkg\/split_restore|\/api\/(timeline|restore|resources)\//);
  await page.getByRole("application", { name: "Timeline" }).focus();
  for (const key of ["Enter", "Enter", "ArrowLeft", "Enter", "+", "ArrowUp", "Enter"]) {
    await page.keyboard.press(key);
  }
  await expect.poll(() => asked.some((path) => path.includes("split_restore"))).toBe(true);
  for (const key of ["Enter", "ArrowLeft", "Enter"]) await page.keyboard.press(key);
  letGo();
  await expect(page.getByRole("heading", { level: 2, name: "Where" })).toBeVisible();
  // The wizard's address, which names a resource by its ARN, is no question for a timeline.
  expect(questions.filter((body) => body.includes("arn:aws:"))).toEqual([]);
});

test("a timeline is walked on while another range is on the way", async ({ page }) => {
  await open(page);
  const { asked, letGo } = await hold(page, /\/api\/timeline\//);
  await page.getByRole("list", { name: "Length of time" }).getByRole("link").last().click();
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  const canvas = page.getByRole("application", { name: "Timeline" });
  await canvas.focus();
  for (const key of ["ArrowLeft", "Shift+ArrowRight"]) await page.keyboard.press(key);
  await expect(page.locator(".board-readout")).toContainText(TABLE);
  const box = (await canvas.boundingBox())!;
  await page.mouse.move(box.x + 50, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 60);
  await page.mouse.up();
  letGo();
  // What is on the way takes the place of what is shown at a moment of its own.
  await expect(async () => {
    await canvas.focus();
    await page.keyboard.press("ArrowLeft");
    await expect(page.locator(".board-readout")).toContainText(TABLE, { timeout: 1_000 });
  }).toPass({ timeout: 15_000 });
});

test("a zoomed timeline shows the range that is chosen next", async ({ page }) => {
  await open(page);
  await page.getByRole("list", { name: "Length of time" }).getByRole("link").last().click();
  await expect(page).not.toHaveURL(/from=/);
  const canvas = page.getByRole("application", { name: "Timeline" });
  await canvas.focus();
  await page.keyboard.press("+");
  await expect(page).toHaveURL(/from=.*until=/);
});

test("a list is worked on while its filter is answered", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto("/points?vault=orders-main");
  await hydrated(page);
  const { asked, letGo } = await hold(page, /\/api\/points\/search/);
  await page.getByLabel("Status").selectOption("EXPIRED");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Select page" }).click();
  await expect(page.getByRole("checkbox", { name: /^Select / }).first()).toBeChecked();
  letGo();
  const rows = page.getByRole("table", { name: "Recovery points" }).getByRole("row");
  await expect(rows.nth(1)).toContainText("expired");
});
