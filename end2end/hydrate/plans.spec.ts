import type { Page } from "@playwright/test";

import { expectAccessible } from "../fixtures/a11y.ts";
import { ORDERS, TABLE } from "../fixtures/estate.ts";
import { hydrated } from "../fixtures/hydration.ts";
import { signIn } from "../fixtures/people.ts";
import { field, fillPlan, NEW_PLAN, openPlan, savePlan, WRONG } from "../fixtures/plans.ts";
import { expect, test } from "../fixtures/test.ts";

async function openEditor(page: Page): Promise<void> {
  await signIn(page, "operator", NEW_PLAN);
  await hydrated(page);
  await field(page, "name").fill("wrong");
}

for (const wrong of WRONG) {
  test(`the browser refuses ${wrong.name} while one types, in the server's words`, async ({ page }) => {
    await openEditor(page);
    const posts: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST") posts.push(request.url());
    });
    await wrong.break(page);
    await page.getByRole("button", { name: "Review" }).click();
    await expect(field(page, wrong.field)).toHaveAccessibleDescription(
      new RegExp(wrong.says.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")),
    );
    expect(posts, "requests while editing").toEqual([]);
    await expect(page.getByRole("heading", { level: 2, name: "Findings" }).or(page.locator("#findings"))).toBeVisible();
  });
}

test("a plan is put together with the keyboard alone, and its runs and windows follow", async ({ page }) => {
  await openEditor(page);
  await field(page, "rule.0.at").focus();
  await page.keyboard.type("0730");
  await expect(page.getByText("Runs at 07:30, every day (UTC).")).toBeVisible();
  await field(page, "rule.0.zone").focus();
  await page.keyboard.type("America/New_York");
  await expect(page.getByText("Runs at 07:30, every day (America/New_York).")).toBeVisible();
  await page.getByText("Next ten runs").focus();
  await page.keyboard.press("Enter");
  const runs = page.getByRole("table", { name: "Next runs of rule 1" });
  await expect(runs.getByRole("row")).toHaveCount(11);
  await expect(runs).toContainText("America/New_York");
  await expect(runs.getByRole("row").nth(1)).toContainText(/1[12]:30/);
  await page.getByRole("button", { name: "Add a rule" }).focus();
  await page.keyboard.press("Enter");
  await expect(field(page, "rule.1.name")).toBeFocused();
  await page.keyboard.type("x");
  await expect(page.getByRole("heading", { name: /^Rule 2: / })).toContainText("x");
  // What was typed before the row came is still there.
  await expect(field(page, "rule.0.zone")).toHaveValue("America/New_York");
});

test("the editor and its review have no accessibility problem in either theme", async ({ page }) => {
  test.slow();
  await openEditor(page);
  await fillPlan(page, "looked-at", TABLE);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Review" }).click();
  await hydrated(page);
  await expect(page.getByRole("heading", { level: 2, name: "What changes" })).toBeVisible();
  await expectAccessible(page);
});

test("a saved plan is listed with its vaults, and can be run now", async ({ page }) => {
  test.slow();
  const name = "made-hydrated";
  await openEditor(page);
  await fillPlan(page, name, TABLE);
  await savePlan(page);
  await openPlan(page, name);
  await page.goBack();
  const row = page.getByRole("row", { name });
  await expect(row).toContainText("dr-locked");
  await expect(row).toContainText(ORDERS.alias);
  await row.getByRole("link", { name }).click();
  await page.getByRole("link", { name: "Run now daily" }).click();
  await expect(page.getByText(/^1 backup job will be started/)).toBeVisible();
  await page.getByRole("button", { name: "Run it now" }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
});
