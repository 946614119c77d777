import type { Browser, Page } from "@playwright/test";

import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

const OWN = "a password of my own";

/** A browser of somebody else. */
async function elsewhere(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, javaScriptEnabled: false });
  return context.newPage();
}

/** Adds a user as the admin who is signed in on `page`, and answers the password that the page shows. */
async function add(page: Page, name: string, role: string): Promise<string> {
  await page.goto("/users");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Role", { exact: true }).selectOption(role);
  await page.getByRole("button", { name: "Add the user" }).click();
  await expect(page.getByText(`Copy the password of ${name} now`)).toBeVisible();
  return shown(page);
}

/** The password that the page shows. */
async function shown(page: Page): Promise<string> {
  const password = await page.locator(".copyable-text").first().innerText();
  expect(password.length).toBeGreaterThan(12);
  return password;
}

async function enter(page: Page, name: string, password: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Chooses a password after the first sign-in with one that was made. */
async function choose(page: Page, made: string, own: string): Promise<void> {
  await expect(page.getByText("Choose your own password first")).toBeVisible();
  await page.getByLabel("Current password").fill(made);
  await page.getByLabel("New password", { exact: true }).fill(own);
  await page.getByLabel("New password again").fill(own);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
}

test("an admin adds a user, who signs in once with the password shown and chooses another", async ({
  page,
  browser,
  demo,
}) => {
  await signIn(page, "admin", "/users");
  await expect(page.getByRole("heading", { level: 1, name: "Users" })).toBeVisible();
  const made = await add(page, "new.person", "operator");
  const row = page.getByRole("row", { name: /^new\.person / });
  await expect(row).toContainText("operator");
  await expect(row).toContainText("one-time password");
  // Once: not when the page is asked for again.
  await page.goto("/users");
  await expect(page.getByRole("table", { name: "Users" })).toContainText("new.person");
  await expect(page.getByRole("main")).not.toContainText(made);

  const person = await elsewhere(browser, demo.url);
  await enter(person, "new.person", made);
  await choose(person, made, OWN);
  await page.reload();
  await expect(row).toContainText("enabled");
  await expect(row).not.toContainText("never");
  await person.context().close();
});

test("another role, a reset and being disabled end what somebody is signed in to", async ({ page, browser, demo }) => {
  test.slow();
  await signIn(page, "admin", "/users");
  const made = await add(page, "comes-and-goes", "viewer");
  const person = await elsewhere(browser, demo.url);
  await enter(person, "comes-and-goes", made);
  await choose(person, made, OWN);
  const isOut = async (): Promise<void> => {
    await person.goto("/runs");
    await expect(person.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  };

  await page.getByRole("link", { name: "comes-and-goes" }).click();
  await page.getByRole("combobox", { name: "Role" }).selectOption("auditor");
  await page.getByRole("button", { name: "Change the role" }).click();
  await expect(page.getByRole("main").locator(".facts")).toContainText("auditor");
  await isOut();
  await enter(person, "comes-and-goes", OWN);
  await expect(person.getByRole("link", { name: "Audit" })).toBeVisible();

  await page.getByRole("button", { name: "Reset the password" }).click();
  await expect(page.getByText("Copy the password of comes-and-goes now")).toBeVisible();
  const again = await shown(page);
  await isOut();
  await enter(person, "comes-and-goes", again);
  await choose(person, again, `${OWN} again`);

  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("main").locator(".facts")).toContainText("disabled");
  await isOut();
  await enter(person, "comes-and-goes", `${OWN} again`);
  await expect(person.getByText("The name or the password is not right.")).toBeVisible();
  await page.getByRole("button", { name: "Enable" }).click();
  await expect(page.getByRole("main").locator(".facts")).toContainText("enabled");
  await enter(person, "comes-and-goes", `${OWN} again`);
  await expect(person.getByRole("navigation", { name: "Main" })).toBeVisible();
  await person.context().close();
});

test("an admin has nothing to change about themselves", async ({ page }) => {
  await signIn(page, "admin", "/users");
  await page.getByRole("main").getByRole("link", { name: "admin", exact: true }).click();
  await expect(page.getByRole("main")).toContainText("This is you.");
  await expect(page.getByRole("button", { name: "Disable" })).toHaveCount(0);
});

test.describe("refused", () => {
  test.use({ expectedErrors: [/status of (400|403|409)/] });

  test("a name that makes no sense or is taken is said beside its field, and stays", async ({ page }) => {
    await signIn(page, "admin", "/users");
    await page.getByLabel("Name", { exact: true }).fill("not a name");
    await page.getByLabel("Role", { exact: true }).selectOption("owner");
    await page.getByRole("button", { name: "Add the user" }).click();
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("not a name");
    await expect(page.getByLabel("Role", { exact: true })).toHaveValue("owner");
    await expect(page.locator("#field-name-error")).toContainText("2 to 64 characters");
    await page.getByLabel("Name", { exact: true }).fill("VIEWER");
    await page.getByRole("button", { name: "Add the user" }).click();
    await expect(page.getByRole("main")).toContainText("The name VIEWER is taken.");
  });

  test("who is no admin finds no way to the users", async ({ page }) => {
    await signIn(page, "operator");
    await expect(page.getByRole("link", { name: "Users" })).toHaveCount(0);
    for (const path of ["/users", "/users/view?name=viewer"]) {
      await page.goto(path);
      await expect(page.getByRole("main")).toContainText("Your role does not allow this.");
      await expect(page.getByRole("main")).not.toContainText("auditor");
    }
  });
});
