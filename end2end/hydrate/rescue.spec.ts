/** A page that panics is reported, and loaded again where it was, with what was typed. */
import { hydrated } from "../fixtures/hydration.ts";
import { PANICS, panic, reachModule } from "../fixtures/panic.ts";
import { PASSWORD, signIn } from "../fixtures/people.ts";
import { field, NEW_PLAN } from "../fixtures/plans.ts";
import { expect, test } from "../fixtures/test.ts";

const AGAIN = "This page stopped working and was loaded again";
const PLAIN = "shown in its simple form";

test.use({ expectedErrors: [PANICS] });

test.beforeEach(async ({ page }) => {
  await reachModule(page);
  await signIn(page, "admin");
});

test("what was typed is back after a panic, and the page works", async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 400 });
  await page.goto("/points?vault=orders-main&order=oldest");
  await hydrated(page);
  await page.getByLabel("Vault").fill("media");
  await page.getByLabel("Status").selectOption("EXPIRED");
  const boxes = page.getByRole("checkbox", { name: /^Select / });
  await boxes.nth(2).check();
  await page.evaluate(() => scrollTo(0, 300));
  const height = async () => (await boxes.nth(2).boundingBox())!.y;
  const before = await height();
  const report = page.waitForRequest(/\/browser\/panics$/);
  await panic(page);

  const told = (await report).postDataJSON() as { page: string; message: string };
  expect(told.page).toBe("points");
  expect(told.message).toMatch(/^panicked at /);
  expect((await (await report).response())?.status()).toBe(204);
  await expect(page.getByText(AGAIN)).toBeVisible();
  await expect(page).toHaveURL(/\/points\?vault=orders-main&order=oldest$/);
  await expect(page.getByLabel("Vault")).toHaveValue("media");
  await expect(page.getByLabel("Status")).toHaveValue("EXPIRED");
  await expect(boxes.nth(2)).toBeChecked();
  await expect(boxes.nth(1)).not.toBeChecked();
  expect(Math.abs((await height()) - before), "pixels that the page moved").toBeLessThan(40);
  expect(await page.evaluate(() => window.tidemarkHydrated)).toBe(true);
  await page.evaluate(() => Object.assign(window, { stays: true }));
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/vault=media.*status=EXPIRED/);
  expect(await page.evaluate(() => "stays" in window)).toBe(true);
  // It lies nowhere any more.
  expect(await page.evaluate(() => JSON.stringify(Object.values(sessionStorage)))).not.toContain("media");
});

test("a plan with rows of its own is back after a panic", async ({ page }) => {
  await page.goto(NEW_PLAN);
  await hydrated(page);
  await field(page, "name").fill("half-done");
  await page.getByRole("button", { name: "Add a rule" }).click();
  await field(page, "rule.1.name").fill("second");
  await field(page, "rule.1.every.week").check();
  await field(page, "rule.1.on.SUN").check();
  await field(page, "rule.1.delete").fill("0");
  await field(page, "reason").fill("because");
  await panic(page);
  await expect(page.getByText(AGAIN)).toBeVisible();
  await expect(field(page, "name")).toHaveValue("half-done");
  await expect(field(page, "rule.1.name")).toHaveValue("second");
  await expect(field(page, "rule.1.every.week")).toBeChecked();
  await expect(field(page, "rule.1.on.SUN")).toBeChecked();
  await expect(field(page, "rule.1.on.MON")).not.toBeChecked();
  await expect(field(page, "reason")).toHaveValue("because");
  // The page follows what is typed, and knows what came back.
  await page.getByRole("button", { name: "Check", exact: true }).last().click();
  await expect(page.locator("#findings")).toContainText("second");
});

test("a password is kept nowhere", async ({ page }) => {
  await page.goto("/password");
  await hydrated(page);
  const secret = page.getByLabel("Current password");
  await secret.fill(PASSWORD);
  // What is kept is read before the page that comes can take it away.
  await page.addInitScript(() => {
    Object.assign(window, { keptAtLoad: JSON.stringify(Object.values(sessionStorage)) });
  });
  await panic(page);
  await expect(page.getByText(AGAIN)).toBeVisible();
  await expect(secret).toHaveValue("");
  const kept = await page.evaluate(() => (window as { keptAtLoad?: string }).keptAtLoad);
  expect(kept).toContain("/password");
  expect(kept).not.toContain(PASSWORD);
});

test("a page that panics again at once is shown without its code, and forms still work", async ({ page }) => {
  await page.goto("/points");
  await hydrated(page);
  await page.getByLabel("Vault").fill("orders-main");
  await panic(page);
  await expect(page.getByText(AGAIN)).toBeVisible();
  await panic(page);
  await expect(page.getByText(PLAIN)).toBeVisible();
  await expect(page.getByLabel("Vault")).toHaveValue("orders-main");
  await page.evaluate(() => Object.assign(window, { stays: true }));
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/vault=orders-main/);
  // As without scripts, the browser loaded a document for it.
  expect(await page.evaluate(() => "stays" in window)).toBe(false);
  // Another page is tried in full again.
  await hydrated(page);
  await expect(page.getByText(PLAIN)).toHaveCount(0);
});

test("a trap that no panic announces is noticed", async ({ page }) => {
  await page.goto("/resources");
  await hydrated(page);
  const report = page.waitForRequest(/\/browser\/panics$/);
  await page.evaluate(() => {
    setTimeout(() => {
      // The smallest module that traps: a function of one instruction, `unreachable`.
      const bytes = [
        0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11,
      ];
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
      (exports.f as () => void)();
    });
  });
  expect((await report).postDataJSON()).toEqual({ page: "resources", message: "unreachable" });
  await expect(page.getByText(AGAIN)).toBeVisible();
});
