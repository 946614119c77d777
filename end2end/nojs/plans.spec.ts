import { ORDERS, TABLE } from "../fixtures/estate.ts";
import { signIn } from "../fixtures/people.ts";
import { field, fillPlan, NEW_PLAN, openPlan, savePlan, WRONG } from "../fixtures/plans.ts";
import { expect, test } from "../fixtures/test.ts";

test("the list shows every account's plans with their next run, and leads to each", async ({ page }) => {
  await signIn(page, "viewer", "/plans");
  const row = page.getByRole("row", { name: /orders-daily/ });
  await expect(row).toContainText(ORDERS.alias);
  await expect(row).toContainText("orders-main");
  await expect(row).toContainText(/in \d+ (s|min|h)/);
  await expect(page.getByRole("link", { name: "New plan" })).toHaveCount(0);
  await row.getByRole("link", { name: "orders-daily" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "orders-daily" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("at 05:00, every day (Europe/Berlin)");
  await expect(page.getByRole("img", { name: /Windows against the day/ })).toBeVisible();
  await expect(page.getByRole("img", { name: /cold after 30 days, deleted after 1 year/ })).toBeVisible();
});

test("a plan tells what it will keep, what that costs and how far back it reaches", async ({ page }) => {
  await signIn(page, "viewer", "/plans");
  await page.getByRole("link", { name: "orders-daily" }).click();
  await page.getByRole("link", { name: "Forecast" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "What orders-daily will keep" })).toBeVisible();
  await expect(page.getByRole("img", { name: /^Cost by month\. / })).toBeVisible();
  const months = page.getByRole("table", { name: "Months" }).getByRole("row");
  await expect(months.nth(13)).toBeVisible();
  // A year of daily backups of two tables, with their copies: more each month.
  const points = async (row: number): Promise<number> => {
    const cells = await months.nth(row).getByRole("cell").allInnerTexts();
    return Number((cells[4] ?? "").replaceAll(/\D/g, ""));
  };
  expect(await points(2)).toBeGreaterThan(await points(1));
  expect(await points(12)).toBeGreaterThan(await points(2));
  await expect(months.nth(2)).toContainText("USD");
  await expect(page.getByRole("table", { name: "Resources by type" })).toContainText("DynamoDB");
});

test("a plan is made, changed and deleted without JavaScript", async ({ page }) => {
  test.slow();
  const name = "made-plainly";
  await signIn(page, "operator", "/plans");
  await page.getByRole("link", { name: "New plan" }).click();
  await page.getByLabel("Account and Region").selectOption(`${ORDERS.id}/${ORDERS.region}`);
  await page.getByRole("button", { name: "Continue" }).click();
  await fillPlan(page, name, TABLE);

  await page.getByRole("button", { name: "Review" }).click();
  await expect(page.getByText(/^The plan made-plainly will be created/)).toBeVisible();
  await page.getByRole("button", { name: /^In several plans: / }).click();
  await expect(page.getByRole("table", { name: "In several plans" })).toContainText(TABLE);
  // Going back loses nothing.
  await page.getByRole("button", { name: "Back to editing" }).last().click();
  await expect(field(page, "rule.1.copy.0.delete")).toHaveValue("60");
  await expect(field(page, "reason")).toHaveValue("A plan of the tests");
  await savePlan(page);

  await openPlan(page, name);
  await page.getByRole("link", { name: "Change" }).click();
  await field(page, "rule.0.delete").fill("20");
  await page.getByRole("button", { name: "Review" }).click();
  const changed = page.getByRole("row", { name: "Rules[daily].Lifecycle.DeleteAfterDays" });
  await expect(changed).toContainText("35");
  await expect(changed).toContainText("20");
  await page.getByRole("button", { name: "Save the plan" }).click();
  await expect(page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 60_000 });

  await expect(async () => {
    await openPlan(page, name);
    await expect(page.getByRole("table", { name: "Versions" }).getByRole("row")).toHaveCount(3, { timeout: 1_000 });
  }).toPass({ timeout: 60_000, intervals: [500] });
  await page.getByRole("link", { name: "1 field" }).click();
  await expect(page.getByRole("table", { name: "Differences between the versions" })).toContainText("35");

  await page.getByRole("link", { name: "Delete" }).click();
  await page.getByLabel("Type the plan's name").fill(name);
  await page.getByRole("button", { name: "Delete the plan" }).click();
  await expect(page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 60_000 });
  await expect(async () => {
    await page.goto(`/plans?text=${name}`);
    await expect(page.getByText("No plan matches")).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 60_000, intervals: [500] });
});

for (const wrong of WRONG) {
  test(`the server refuses ${wrong.name} and says so at the field`, async ({ page }) => {
    await signIn(page, "operator", NEW_PLAN);
    await field(page, "name").fill("wrong");
    await wrong.break(page);
    await page.getByRole("button", { name: "Review" }).click();
    await expect(field(page, wrong.field)).toHaveAccessibleDescription(new RegExp(escaped(wrong.says)));
    await expect(page.getByRole("button", { name: "Save the plan" })).toHaveCount(0);
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

test.describe("who may not", () => {
  test.use({ expectedErrors: [/status of 403/] });

  for (const address of [NEW_PLAN, "/plans/delete?id=x", "/plans/rollout?id=x", "/plans/run?id=x"]) {
    test(`a viewer is refused ${address}`, async ({ page }) => {
      await signIn(page, "viewer");
      const response = await page.goto(address);
      expect(response?.status()).toBe(403);
    });
  }
});
