import type { Page } from "@playwright/test";

import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

const BUCKET = "backups-blockstore-333333333333";
const COPIES = "backups-blockstore-dr-444444444444";

/** Follows the run of the page until it has ended, by reloading as a person would. */
async function untilDone(page: Page): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
}

test("a bucket says what it lacks and is mended as it was shown", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto("/buckets?text=blockstore-333");
  await page.getByRole("link", { name: BUCKET }).click();
  const main = page.getByRole("main");
  await expect(main).toContainText("Lifecycle rule tidy-up");
  await expect(main).toContainText("Increments build on the objects before them");
  await page.getByRole("link", { name: "Stop rule tidy-up from expiring objects" }).click();
  await expect(main).toContainText("expires objects 365 days after they were written");
  await page.getByRole("button", { name: "Change the settings" }).click();
  await untilDone(page);
  await page.goto("/buckets?text=blockstore-333");
  await page.getByRole("link", { name: BUCKET }).click();
  await expect(main).toContainText("It takes no object away that a backup needs");
});

test("backups of block storage are shown with their chains, and copied to another account and Region", async ({
  page,
}) => {
  test.slow();
  await signIn(page, "operator");
  await page.goto(`/buckets/one?account=333333333333&region=eu-west-1&bucket=${BUCKET}`);
  await page.getByRole("link", { name: "As block storage backups" }).click();
  await page.getByRole("link", { name: "cluster-ireland-1" }).click();
  await page.getByRole("table").getByRole("link").last().click();
  const snapshots = page.getByRole("table", { name: "Snapshots" });
  await expect(snapshots).toContainText("nothing: it is a full one");

  await page.goto(`/buckets/copy?account=333333333333&region=eu-west-1&bucket=${BUCKET}`);
  await page.getByLabel("Keys that begin with").fill("cluster-ireland-2/");
  await page.getByLabel("Destination bucket").fill(COPIES);
  await page.getByLabel("Destination account").selectOption("444444444444");
  await page.getByLabel("Destination Region").fill("eu-central-1");
  await page.getByLabel("Prefix there").fill("cluster-ireland-2/");
  await page.getByRole("button", { name: "Show what would be copied" }).click();
  await expect(page.getByRole("main")).toContainText(/9 objects .* will be copied/);
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await untilDone(page);
  await page.goto(`/buckets/browse?account=444444444444&region=eu-central-1&bucket=${COPIES}`);
  await expect(page.getByRole("main").getByRole("table")).toContainText("cluster-ireland-2/");
});
