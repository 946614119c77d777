import type { Page } from "@playwright/test";

import { MEDIA, RECOVERY } from "../fixtures/estate.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

const BUCKET = "volume-archive-444444444444";

/** Follows the run of the page until it has ended, by reloading as a person would. */
async function untilDone(page: Page): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
}

test("roles in nested stacks get access to a bucket of another account, and it is given back", async ({ page }) => {
  test.slow();
  await signIn(page, "admin");
  await page.goto("/buckets/access");
  await page.getByLabel("Account", { exact: true }).selectOption(RECOVERY.id);
  await page.getByLabel("Region", { exact: true }).fill("eu-central-1");
  await page.getByLabel("Bucket", { exact: true }).fill(BUCKET);
  await page.getByRole("button", { name: "Show who may use it" }).click();
  const main = page.getByRole("main");
  await expect(page.getByRole("table", { name: "Statements" })).toContainText("OnlyOverTls");

  await page.getByLabel("Account of the stacks").fill(MEDIA.id);
  await page.getByLabel("Region of the stacks").fill(MEDIA.region);
  await page.getByRole("button", { name: "Find roles" }).click();
  const roles = page.getByRole("table", { name: "Roles in stacks" });
  await expect(roles.getByRole("checkbox", { checked: true })).toHaveCount(2);
  await expect(roles).toContainText(/block-storage \/ block-storage-cluster-\w+ \/ block-storage-exporters-\w+/);

  await page.getByRole("button", { name: "See whether they have access" }).click();
  await expect(main).toContainText("is missing from the bucket's policy");
  await page.getByRole("link", { name: "Show what giving access would change" }).click();
  await expect(main).toContainText("2 statements are added; 1 stays as it is, byte for byte");
  await page.getByLabel("Reason").fill("a new cluster");
  await page.getByRole("button", { name: "Put the policy and prove access" }).click();
  await untilDone(page);
  await expect(main).toContainText("tried as the role");

  await page.getByRole("link", { name: "Give the policy back as it was before" }).click();
  await expect(main).toContainText("2 statements are removed");
  await page.getByLabel("Reason").fill("only a test");
  await page.getByRole("button", { name: "Give the policy back" }).click();
  await untilDone(page);
});

test("an operator cannot see or change who may use a bucket", async ({ page }) => {
  await signIn(page, "operator");
  const answer = await page.request.get("/buckets/access");
  expect(answer.status()).toBe(403);
});
