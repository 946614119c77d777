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

async function resourcesOf(page: Page, account: string): Promise<number> {
  await page.goto(`/resources?account=${account}`);
  return page.getByRole("table", { name: "Resources" }).getByRole("row").count();
}
