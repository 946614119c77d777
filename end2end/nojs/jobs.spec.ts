import { MEDIA } from "../fixtures/estate.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

test("what failed in the last days is on the first page, with AWS's own words, and leads to its jobs", async ({ page }) => {
  await signIn(page, "viewer");
  const causes = page.getByRole("table", { name: "Failed in the last 7 days" });
  const copies = causes.getByRole("row").filter({ hasText: "Access Denied trying to call AWS Backup service" });
  await expect(copies.first()).toBeVisible();
  await copies.first().getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();
  const jobs = page.getByRole("table", { name: "Jobs" }).getByRole("row");
  await expect(jobs.nth(1)).toContainText("failed");
  await expect(jobs.nth(1)).toContainText("copy");

  await page.goto(`/jobs?outcome=failed&account=${MEDIA.id}&text=no-such-resource`);
  await expect(page.getByText("No job matches")).toBeVisible();
});

test("an owner's first page is about their own resources", async ({ page }) => {
  await signIn(page, "owner");
  await expect(page.getByRole("heading", { level: 2, name: "Needs attention" })).toBeVisible();
  await expect(page.getByText("No account is registered yet")).toHaveCount(0);
  await page.getByRole("main").getByRole("link", { name: "Restore", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Restore" })).toBeVisible();
});
