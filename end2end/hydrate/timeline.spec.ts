import type { Page } from "@playwright/test";

import { TABLE } from "../fixtures/estate.ts";
import { hydrated } from "../fixtures/hydration.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

/** The hydrated timeline of the table. */
async function open(page: Page, range: string): Promise<void> {
  await signIn(page, "operator");
  await page.goto(`/timeline?text=${TABLE}&kind=DynamoDB&range=${range}`);
  await hydrated(page);
  await expect(page.getByRole("application", { name: "Timeline" })).toBeVisible();
}

test("the keyboard alone finds a second and starts its restore", async ({ page }) => {
  await open(page, "7d");
  const canvas = page.getByRole("application", { name: "Timeline" });
  await canvas.focus();
  await page.keyboard.press("ArrowLeft");
  const readout = page.locator(".board-readout");
  await expect(readout).toContainText(TABLE);
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Shift+ArrowLeft");
  await expect(readout).toContainText(/recovery point/i);
  // Points that lie together come apart first; the next Enter starts the restore of one.
  await expect(async () => {
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/restore\?.*point=.*vault=/, { timeout: 1000 });
  }).toPass();
  await expect(page.getByRole("heading", { level: 2, name: "Where" })).toBeVisible();
});

test("dragging moves, buttons zoom, and the address follows", async ({ page }) => {
  await open(page, "35d");
  const before = page.url();
  await page.getByRole("button", { name: "Closer" }).click();
  await expect(page).toHaveURL(/from=.*until=/);
  const zoomed = page.url();
  expect(zoomed).not.toBe(before);
  const canvas = page.getByRole("application", { name: "Timeline" });
  const box = (await canvas.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 80);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 200, box.y + 80, { steps: 5 });
  await page.mouse.up();
  await expect(page).not.toHaveURL(zoomed);
  await page.reload();
  await hydrated(page);
  await expect(canvas).toBeVisible();
});

test("the pointer reads the second below it, and a click restores to it", async ({ page }) => {
  await open(page, "1h");
  const canvas = page.getByRole("application", { name: "Timeline" });
  const box = (await canvas.boundingBox())!;
  const readout = page.locator(".board-readout");
  // The band of the point-in-time window, between the hourly points.
  await page.mouse.move(box.x + box.width * 0.5, box.y + 82);
  await expect(readout).toContainText(/restorable to \d{4}-\d\d-\d\d \d\d:\d\d:\d\d|recovery point/i);
  for (const part of [0.5, 0.45, 0.4, 0.3]) {
    await page.mouse.move(box.x + box.width * part, box.y + 82);
    if ((await readout.textContent())?.includes("restorable to")) break;
  }
  await expect(readout).toContainText("restorable to");
  await page.mouse.down();
  await page.mouse.up();
  await expect(page).toHaveURL(/\/restore\?.*date=.*time=/);
  await expect(page.getByRole("heading", { level: 2, name: "Where" })).toBeVisible();
});

test("what is drawn is saved as a picture", async ({ page }) => {
  await open(page, "35d");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "PNG" }).click();
  expect((await download).suggestedFilename()).toBe("timeline.png");
});
