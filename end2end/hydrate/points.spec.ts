import { hydrated } from "../fixtures/hydration.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

test("a whole page is picked at once, and its run is followed to the last result", async ({ page }) => {
  test.slow();
  await signIn(page, "operator");
  await page.goto("/points?vault=media-copies&order=oldest");
  await hydrated(page);
  await page.getByRole("button", { name: "Select page" }).click();
  const boxes = page.getByRole("checkbox", { name: /^Select / });
  await expect(boxes.first()).toBeChecked();
  const picked = await boxes.count();
  await page.getByRole("button", { name: "Select none" }).click();
  await expect(boxes.first()).not.toBeChecked();
  await page.getByRole("button", { name: "Select page" }).click();
  await boxes.last().uncheck();
  await page.getByRole("button", { name: "Delete selected…" }).click();
  await hydrated(page);
  await page.getByLabel("Confirmation").fill("media-copies");
  await page.getByLabel("Reason").fill("a test");
  await page.getByRole("button", { name: `Delete ${picked - 1} points` }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  await expect(page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("table", { name: "By vault" })).toContainText(String(picked - 1));
  await expect(page.getByRole("link", { name: `deleted ${picked - 1}` })).toBeVisible();
});

test("the filters live in the address", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/points");
  await hydrated(page);
  await page.getByLabel("Vault").fill("orders-main");
  await page.getByLabel("Status").selectOption("EXPIRED");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/vault=orders-main.*status=EXPIRED/);
  const rows = page.getByRole("table", { name: "Recovery points" }).getByRole("row");
  await expect(rows.nth(1)).toContainText("expired");
  await page.reload();
  await expect(rows.nth(1)).toContainText("expired");
});
