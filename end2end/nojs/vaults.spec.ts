import type { Page } from "@playwright/test";

import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

const ACCOUNT = "222222222222";
const REGION = "eu-west-1";

// The browser itself reports a status of 4xx as an error.
test.use({ expectedErrors: [/the server responded with a status of 4\d\d/] });

/** Follows the run of the page until it has ended, by reloading as a person would. */
async function untilDone(page: Page): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
}

test("a vault is created and locked for good after its rehearsal, which catches a wrong retention", async ({ page }) => {
  await signIn(page, "admin");
  const main = page.getByRole("main");
  // A retention that the demo's plans do not keep.
  await page.goto(`/vaults/change?do=lock&account=${ACCOUNT}&region=${REGION}&vault=orders-main`);
  await page.getByLabel("Mode").selectOption("compliance");
  await page.getByLabel("Days to change it").fill("3");
  await page.getByLabel("Shortest retention (days)").fill("36500");
  await page.getByRole("button", { name: "Rehearse the lock" }).click();
  await expect(page.getByRole("table", { name: "Rules that write into the vault" })).toContainText("would fail");
  await expect(main).toContainText("A check forbids the start");

  await page.goto("/vaults");
  await page.getByRole("link", { name: "Create a vault" }).click();
  await page.getByLabel("Account").selectOption(ACCOUNT);
  await page.getByLabel("Region").fill(REGION);
  await page.getByLabel("Name").fill("kept-for-good");
  await page.getByRole("button", { name: "Show what would be created" }).click();
  await page.getByRole("button", { name: "Create the vault" }).click();
  await untilDone(page);

  await page.goto(`/vaults/change?do=lock&account=${ACCOUNT}&region=${REGION}&vault=kept-for-good`);
  await page.getByLabel("Mode").selectOption("compliance");
  await page.getByLabel("Days to change it").fill("3");
  await page.getByRole("button", { name: "Rehearse the lock" }).click();
  await expect(main).toContainText("not AWS");
  await page.getByLabel("Confirmation").fill("something else");
  await page.getByLabel("Reason").fill("a rule of the house");
  await page.getByRole("button", { name: "Lock the vault in compliance mode" }).click();
  await expect(main).toContainText("this cannot be taken back");
  await page.getByLabel("Confirmation").fill("kept-for-good");
  await page.getByRole("button", { name: "Lock the vault in compliance mode" }).click();
  await untilDone(page);
  await expect(async () => {
    await page.goto("/vaults?text=kept-for-good");
    await page.getByRole("link", { name: "kept-for-good" }).click();
    await expect(main).toContainText("left to change or remove the lock", { timeout: 500 });
  }).toPass({ timeout: 30_000 });
});

test("a legal hold shows what it takes, and is released with a reason", async ({ page }) => {
  await signIn(page, "admin");
  const main = page.getByRole("main");
  await page.goto("/holds");
  await page.getByRole("link", { name: "Make a legal hold" }).click();
  await page.getByLabel("Account").selectOption(ACCOUNT);
  await page.getByLabel("Region").fill(REGION);
  await page.getByLabel("Title").fill("Case of the browser");
  await page.getByLabel("Description").fill("Kept for a test.");
  await page.getByLabel("Vaults").fill("orders-archive");
  await page.getByRole("button", { name: "Show what it would take" }).click();
  await expect(main).toContainText("Recovery points that it takes");
  await page.getByLabel("Reason").fill("a letter of the court");
  await page.getByRole("button", { name: "Make the legal hold" }).click();
  await untilDone(page);
  const row = page.getByRole("row").filter({ hasText: "Case of the browser" });
  await expect(async () => {
    await page.goto("/holds?text=browser");
    await expect(row).toContainText("active", { timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await row.getByRole("link", { name: "Release" }).click();
  await expect(main).toContainText("Recovery points that it lets go");
  await page.getByLabel("Reason").fill("the case is closed");
  await page.getByRole("button", { name: "Release the legal hold" }).click();
  await untilDone(page);
});
