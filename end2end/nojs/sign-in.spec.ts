import { PASSWORD, signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

test("signing in leads to the page that was asked for", async ({ page }) => {
  await signIn(page, "operator", "/runs");
  await expect(page).toHaveURL("/runs");
  await expect(page.getByRole("heading", { level: 1, name: "Runs" })).toBeVisible();
});

test.describe("refused", () => {
  test.use({ expectedErrors: [/status of 401/] });

  test("a wrong password is refused without saying what was wrong, and the name stays", async ({ page }) => {
    await page.goto("/sign-in");
    await page.getByLabel("Name", { exact: true }).fill("operator");
    await page.getByLabel("Password", { exact: true }).fill(`${PASSWORD}!`);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("The name or the password is not right.")).toBeVisible();
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("operator");
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  });
});

test("signing out ends the session", async ({ page }) => {
  await signIn(page, "viewer");
  await page.getByText("viewer").first().click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto("/resources");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});
