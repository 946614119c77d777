import type { Page } from "@playwright/test";

import { hydrated } from "../fixtures/hydration.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

/** The names of the modules that a page has asked for, without their digests. */
function modules(page: Page): Set<string> {
  const asked = new Set<string>();
  page.on("request", (request) => {
    const name = /\/pkg\/([a-z0-9_]+)\.[0-9a-f]+\.wasm$/.exec(request.url());
    if (name?.[1]) asked.add(name[1]);
  });
  return asked;
}

test("the code of an area comes with the first of its pages, and the page stays", async ({ page }) => {
  await signIn(page, "operator");
  const asked = modules(page);
  await page.goto("/");
  await hydrated(page);
  expect(asked).toContain("split_home");
  expect(asked).not.toContain("split_plans");
  await page.evaluate(() => Object.assign(window, { stays: true }));
  const main = page.getByRole("navigation", { name: "Main" });
  await main.getByRole("link", { name: "Plans" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Plans" })).toBeVisible();
  await expect(page.locator("#page-title")).toBeFocused();
  expect(asked).toContain("split_plans");
  // A look at a link is enough to have it fetched.
  expect(asked).not.toContain("split_records");
  await main.getByRole("link", { name: "Records" }).hover();
  await expect.poll(() => asked).toContain("split_records");
  await expect(page).toHaveURL(/\/plans$/);
  expect(await page.evaluate(() => "stays" in window)).toBe(true);
});

test("a page says early what its area needs, and the browser fetches each once", async ({ page }) => {
  await signIn(page, "operator");
  const fetched: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith(".wasm")) fetched.push(new URL(request.url()).pathname);
  });
  await page.goto("/plans");
  await hydrated(page);
  const early = await page.locator("link[rel=preload][type='application/wasm']").evaluateAll(
    (links) => links.map((link) => link.getAttribute("href")),
  );
  expect([...new Set(fetched)].sort()).toEqual([...fetched].sort());
  expect(fetched.sort()).toEqual([...early].sort());
});

test.describe("without the files of an area", () => {
  test.use({ expectedErrors: [/404|Failed to load resource|TypeError/] });

  test("its pages are made by the server", async ({ page }) => {
    await signIn(page, "operator");
    await page.goto("/");
    await hydrated(page);
    await page.evaluate(() => Object.assign(window, { stays: true }));
    // As after a new version was deployed, which has other files.
    await page.route(/split_plans/, (route) => route.fulfill({ status: 404 }));
    const main = page.getByRole("navigation", { name: "Main" });
    await main.getByRole("link", { name: "Plans" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Plans" })).toBeVisible();
    await expect(page).toHaveURL(/\/plans$/);
    expect(await page.evaluate(() => "stays" in window)).toBe(false);
    await page.getByRole("link", { name: "New plan" }).first().click();
    await expect(page).toHaveURL(/\/plans\/edit/);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  });
});
