import type { Page } from "@playwright/test";

import { DENYING, MEDIA, ORDERS, RECOVERY } from "../fixtures/estate.ts";
import { signIn } from "../fixtures/people.ts";
import { addFaults, clearFaults } from "../fixtures/sandbox.ts";
import { expect, test } from "../fixtures/test.ts";

test.afterEach(async ({ demo }) => {
  await clearFaults(demo.awsUrl);
});

test("an account whose role denies us says which link is broken and how to mend it", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto(`/accounts/${DENYING.id}`);
  const region = page.getByRole("row", { name: DENYING.region });
  await expect(region).toContainText("access denied");
  await expect(page.getByRole("main")).toContainText("external id");
  await expect(page.getByRole("main")).toContainText("What to do:");
});

test("unreachable and slow accounts say so and keep what is known, and the others are not affected", async ({
  page,
  demo,
}) => {
  await signIn(page, "operator");
  test.setTimeout(400_000);
  const known = await resourcesOf(page, MEDIA.id);
  expect(known).toBeGreaterThan(0);
  await addFaults(demo.awsUrl, [
    { account: MEDIA.id, kind: "drop" },
    { account: RECOVERY.id, kind: "latency", latency_ms: 120_000 },
  ]);
  for (const account of [MEDIA, RECOVERY]) {
    await page.goto(`/accounts/${account.id}`);
    await page.getByRole("button", { name: "Sync now" }).click();
  }
  const started = Date.now();
  await page.goto(`/resources?account=${ORDERS.id}`);
  await expect(page.getByRole("link", { name: "orders", exact: true })).toBeVisible();
  expect(Date.now() - started, "milliseconds for a page of another account").toBeLessThan(10_000);

  for (const account of [MEDIA, RECOVERY]) {
    await expect(async () => {
      await page.goto(`/accounts/${account.id}`);
      await expect(page.getByRole("row", { name: account.region })).toContainText(
        /unreachable|out of date/,
        { timeout: 500 },
      );
    }).toPass({ timeout: 240_000 });
    await expect(page.getByRole("main")).toContainText("What to do:");
  }
  expect(await resourcesOf(page, MEDIA.id), "resources still shown").toBe(known);

  await page.goto("/accounts");
  const row = (alias: string) => page.getByRole("row", { name: alias });
  await expect(row(MEDIA.alias)).toContainText("unreachable");
  await expect(row(DENYING.alias)).toContainText("access denied");
  await expect(row(ORDERS.alias)).toContainText("up to date");
});

test("an account's way in is checked link by link", async ({ page }) => {
  await signIn(page, "admin");
  await page.goto(`/accounts/${ORDERS.id}`);
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByText("Connection test passed")).toBeVisible();
  await page.goto(`/accounts/${DENYING.id}`);
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByText(/^Connection test failed at: /)).toBeVisible();
});

test("what each role may do is shown by feature, and what denies it on the account's page", async ({ page }) => {
  await signIn(page, "operator");
  const row = page.getByRole("row", { name: ORDERS.alias }).first();
  await expect(async () => {
    await page.goto("/accounts/permissions");
    await expect(row).toContainText("allowed", { timeout: 500 });
  }).toPass({ timeout: 60_000 });
  await row.getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: "Permissions of the role" })).toBeVisible();
});

test("accounts of a file are shown with what is wrong before they are registered", async ({ page }) => {
  await signIn(page, "admin");
  await page.goto("/accounts/enrol");
  await page
    .getByLabel("Accounts, comma-separated")
    .fill("account,alias,regions\n909090909090,late,eu-west-1\n12,wrong,eu-west-1\n");
  await page.getByRole("button", { name: "Show what this would do" }).click();
  await expect(page.getByText("line 3, column 1 (account)")).toBeVisible();
  await page.getByRole("button", { name: /Leave out what is wrong and register 1 account/ }).click();
  await expect(page.getByText("1 account is registered")).toBeVisible();
  await page.goto("/accounts/909090909090");
  await expect(page.getByText("The roles are waited for")).toBeVisible();
  // The demo keeps its accounts as they were.
  await page.getByText("Remove the account").click();
  await page.getByLabel("Type the account id").fill("909090909090");
  await page.getByRole("button", { name: "Remove" }).click();
  await expect(page).toHaveURL(/\/accounts$/);
});

async function resourcesOf(page: Page, account: string): Promise<number> {
  await page.goto(`/resources?account=${account}`);
  return page.getByRole("table", { name: "Resources" }).getByRole("row").count();
}
