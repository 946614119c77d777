import { ORDERS } from "../fixtures/estate.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

const HERE = `arn:aws:backup:eu-central-1:${ORDERS.id}:backup-vault:orders-copies`;
const ELSEWHERE = "arn:aws:backup:eu-central-1:444444444444:backup-vault:dr-unshared";

test("picked points are copied by a run, and what stands in the way of another account is said before", async ({
  page,
}) => {
  test.slow();
  await signIn(page, "operator");
  await page.goto(`/points?account=${ORDERS.id}&vault=orders-hourly&status=COMPLETED`);
  const boxes = page.getByRole("checkbox", { name: /^Select / });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole("button", { name: "Copy selected…" }).click();

  const main = page.getByRole("main");
  const vault = page.getByLabel("Vault", { exact: true });
  await vault.fill(ELSEWHERE);
  await page.getByRole("button", { name: /^Check and show/ }).click();
  const checks = page.getByRole("table", { name: "Checks" });
  await expect(checks).toContainText("The access policy of vault dr-unshared does not let account");
  await expect(checks).toContainText("Allow backup:CopyIntoBackupVault");
  await expect(checks).toContainText("customer managed key whose policy does not let account");
  await expect(main).toContainText("There is nothing to do");
  await expect(page.getByRole("link", { name: "Try them all the same" })).toBeVisible();

  await vault.fill(HERE);
  await page.getByRole("button", { name: /^Check and show/ }).click();
  await expect(main).toContainText("Nothing stands in the way");
  await page.getByLabel("Reason").fill("a second Region");
  await page.getByRole("button", { name: "Copy 2 points" }).click();
  await expect(page).toHaveURL(/\/runs\//);
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
  await expect(main).toContainText("2 recovery points copied");
});
