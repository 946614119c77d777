import { hydrated } from "../fixtures/hydration.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

test("menus close by Escape, by a click elsewhere and on another page", async ({ page }) => {
  await signIn(page, "admin");
  await hydrated(page);
  const theme = page.getByLabel("Theme");
  const dark = page.getByRole("button", { name: "Dark" });
  await theme.click();
  await expect(dark).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dark).toBeHidden();
  await expect(theme).toBeFocused();
  await theme.click();
  await expect(dark).toBeVisible();
  await page.getByRole("heading", { level: 1 }).click();
  await expect(dark).toBeHidden();
  await theme.click();
  await expect(dark).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Vaults" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Vaults" })).toBeVisible();
  await expect(dark).toBeHidden();
});

test("the list of a narrow screen folds on the page that was gone to", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, "viewer");
  await hydrated(page);
  const main = page.getByRole("navigation", { name: "Main" });
  await main.getByText("Menu").click();
  await main.getByRole("link", { name: "Vaults" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Vaults" })).toBeVisible();
  await expect(main.getByRole("link", { name: "Vaults" })).toBeHidden();
});
