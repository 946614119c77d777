import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

test("on a narrow screen the way around opens from a menu", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, "viewer");
  const main = page.getByRole("navigation", { name: "Main" });
  const vaults = main.getByRole("link", { name: "Vaults" });
  await expect(vaults).toBeHidden();
  await main.getByText("Menu").click();
  await expect(main.getByRole("list", { name: "Recover" })).toBeVisible();
  // What only admins may is not offered.
  await expect(main.getByRole("link", { name: "Users" })).toHaveCount(0);
  await vaults.click();
  await expect(page.getByRole("heading", { level: 1, name: "Vaults" })).toBeVisible();
  await expect(vaults).toBeHidden();
});
