import { dynamodb } from "../fixtures/aws.ts";
import { ORDERS, TABLE } from "../fixtures/estate.ts";
import { signIn } from "../fixtures/people.ts";
import { damage, expectRestored, fillWizard } from "../fixtures/restore.ts";
import { expect, test } from "../fixtures/test.ts";

test("a damaged table comes back as it was at a second, without JavaScript", async ({ page, demo }) => {
  test.slow();
  const client = dynamodb(demo.awsUrl, ORDERS.id, ORDERS.region);
  const target = `${TABLE}-plain`;
  await signIn(page, "operator");
  const before = await damage(client, TABLE);
  await fillWizard(page, TABLE, before.at, target);
  await page.getByRole("button", { name: "Start the restore" }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  // The page asks again by itself until the run has ended.
  await expect(page.getByText(/^Everything is done/)).toBeVisible({ timeout: 90_000 });
  await expectRestored(client, target, before);
});

test("a half-filled wizard can be sent to somebody and gone back in without losing input", async ({
  page,
}) => {
  await signIn(page, "operator");
  await fillWizard(page, TABLE, new Date(Date.now() - 3_600_000), "somewhere-else");
  const address = page.url();
  await page.goto("/");
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 2, name: "Checks and review" })).toBeVisible();
  await page.getByRole("link", { name: "Back" }).click();
  await expect(page.getByLabel("Why")).toHaveValue("Items were deleted by mistake");
  await page.getByRole("button", { name: "Back" }).click();
  await expect(page.getByLabel("Name of the new table")).toHaveValue("somewhere-else");
});
