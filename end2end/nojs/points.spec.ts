import type { Page } from "@playwright/test";

import { ORDERS } from "../fixtures/estate.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

const VAULT = "orders-hourly";

// The browser itself reports a status of 4xx as an error.
test.use({ expectedErrors: [/the server responded with a status of 4\d\d/] });

/** Follows the run of the page until it has ended, by reloading as a person would. */
async function untilDone(page: Page): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
}

test("a vault says how it is locked, who may reach it and what lies in it", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/vaults?lock=locked");
  await page.getByRole("link", { name: "dr-locked" }).click();
  const main = page.getByRole("main");
  await expect(main).toContainText("Locked forever");
  await expect(main).toContainText("backup:CopyIntoBackupVault");
  await expect(page.getByRole("table", { name: "Quotas" })).toContainText(/1.000.000/);
  await page.goto("/vaults?text=orders-main");
  await page.getByRole("link", { name: "orders-main" }).click();
  await expect(main).toContainText("This vault is not locked");
  await expect(page.getByRole("table", { name: "Legal holds" })).toContainText("Case 2025-114");
});

test("an expired point says why it is still there and what to do", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/points?status=EXPIRED&kept=held");
  await page.getByRole("table").getByRole("link", { name: /ago/ }).first().click();
  const main = page.getByRole("main");
  await expect(main).toContainText("Expired: it should be gone");
  await expect(main).toContainText("Cancel the legal hold");
  await expect(main).toContainText("Case 2025-114");
  await expect(page.getByRole("link", { name: "Delete" })).toHaveCount(0);
});

test("picked points are deleted by a run after the plan was confirmed, and no others", async ({ page }) => {
  test.slow();
  await signIn(page, "operator");
  await page.goto(`/points?account=${ORDERS.id}&vault=${VAULT}&order=oldest`);
  const boxes = page.getByRole("checkbox", { name: /^Select / });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  const names = [await boxes.nth(0).getAttribute("value"), await boxes.nth(1).getAttribute("value")];
  await page.getByRole("button", { name: "Delete selected…" }).click();

  const main = page.getByRole("main");
  await expect(main).toContainText("2 recovery points in 1 vault will be deleted for good");
  await page.getByLabel("Confirmation").fill("another vault");
  await page.getByLabel("Reason").fill("no longer needed");
  await page.getByRole("button", { name: "Delete 2 points" }).click();
  await expect(page.getByLabel("Confirmation")).toHaveAccessibleDescription(new RegExp(VAULT));
  await expect(page.getByLabel("Reason")).toHaveValue("no longer needed");
  await page.getByLabel("Confirmation").fill(VAULT);
  await page.getByRole("button", { name: "Delete 2 points" }).click();

  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  await untilDone(page);
  await expect(main).toContainText("2 recovery points deleted");
  await expect(page.getByRole("table", { name: "Results" }).getByRole("row")).toHaveCount(3);
  await expect(async () => {
    await page.goto(`/points?account=${ORDERS.id}&vault=${VAULT}&order=oldest`);
    for (const name of names) {
      await expect(page.locator(`input[value="${name}"]`)).toHaveCount(0, { timeout: 500 });
    }
  }).toPass({ timeout: 60_000 });
});

test("all points of a filter are planned with what is left and why", async ({ page }) => {
  await signIn(page, "admin");
  await page.goto("/points?vault=orders-main");
  await page.getByRole("link", { name: "Delete all…" }).click();
  const main = page.getByRole("main");
  await expect(page.getByRole("table", { name: "Skipped" })).toContainText("under a legal hold");
  await expect(page.getByRole("table", { name: "Vaults" })).toContainText("orders-main");
  await expect(main).toContainText("To confirm, type: orders-main");
});

test("points are kept for longer by a run", async ({ page }) => {
  test.slow();
  await signIn(page, "operator");
  await page.goto("/points?vault=orders-archive&newer=40");
  await page.getByRole("checkbox", { name: /^Select / }).first().check();
  await page.getByRole("button", { name: "Change lifecycle of selected…" }).click();
  await page.getByLabel("Days until deletion").fill("3000");
  await page.getByRole("button", { name: "Show what would change" }).click();
  await expect(page.getByRole("main")).toContainText("1 recovery point in 1 vault will be kept for 3000 days");
  await page.getByLabel("Confirmation").fill("orders-archive");
  await page.getByLabel("Reason").fill("the auditors asked");
  await page.getByRole("button", { name: "Change 1 point" }).click();
  await untilDone(page);
  await expect(page.getByRole("main")).toContainText("1 recovery point changed");
});

test("who may not delete is not offered it, and is refused", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/points");
  await expect(page.getByRole("checkbox", { name: /^Select / })).toHaveCount(0);
  const response = await page.goto("/points/change?do=delete");
  expect(response?.status()).toBe(403);
});
