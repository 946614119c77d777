import { TABLE } from "../fixtures/estate.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

// The browser itself reports a status of 4xx as an error.
test.use({ expectedErrors: [/the server responded with a status of 4\d\d/] });

const ADDRESSES: [address: string, status: number, says: RegExp][] = [
  ["/resources/view?arn=not-an-arn", 400, /arn/i],
  ["/accounts/12", 400, /12 digits/],
  ["/accounts/999999999999", 404, /not found|no account/i],
  ["/runs/not-a-run", 400, /run/i],
  ["/runs/01900000-0000-7000-8000-000000000000", 404, /not found|no run/i],
  ["/restore?arn=nonsense&step=review", 400, /arn/i],
  ["/vaults/view?arn=not-an-arn", 400, /arn/i],
  ["/vaults/view?arn=arn:aws:backup:eu-west-1:222222222222:backup-vault:none", 404, /There is no vault/],
  ["/points?older=soon", 400, /whole number/],
  ["/points/view?arn=nonsense", 400, /arn/i],
  ["/points/change?do=nothing", 400, /delete or lifecycle/],
  ["/nowhere", 404, /no such page/i],
];

for (const [address, status, says] of ADDRESSES) {
  test(`${address} answers ${status} and says why`, async ({ page }) => {
    await signIn(page, "operator");
    const response = await page.goto(address);
    expect(response?.status()).toBe(status);
    await expect(page.getByRole("main")).toContainText(says);
  });
}

test("a new account's wrong fields are named, and what was entered stays", async ({ page }) => {
  await signIn(page, "admin", "/accounts/new");
  await page.getByLabel("Account id").fill("12");
  await page.getByLabel("Alias").fill("somewhere");
  await page.getByLabel("Regions").fill("eu-west-1");
  const [response] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === "POST"),
    page.getByRole("button", { name: "Add the account" }).click(),
  ]);
  expect(response.status()).toBe(400);
  await expect(page.getByLabel("Account id")).toHaveAccessibleDescription(/12 digits/);
  await expect(page.getByLabel("Alias")).toHaveValue("somewhere");
});

test("a second outside the window and a taken name are refused by the checks", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto(`/resources?text=${TABLE}&kind=DynamoDB`);
  await page.getByRole("link", { name: TABLE, exact: true }).click();
  await page.getByRole("link", { name: "Restore", exact: true }).first().click();
  const wizard = new URL(page.url());
  wizard.searchParams.set("date", new Date().toISOString().slice(0, 10));
  wizard.searchParams.set("time", "00:00:01");
  wizard.searchParams.set("table", TABLE);
  wizard.searchParams.set("step", "review");
  await page.goto(wizard.href);
  await expect(page.getByRole("button", { name: "Start the restore" })).toHaveCount(0);
  wizard.searchParams.set("date", "2019-01-01");
  wizard.searchParams.set("table", "a-free-name");
  await page.goto(wizard.href);
  await expect(page.getByRole("button", { name: "Start the restore" })).toHaveCount(0);
  await expect(page.getByRole("main")).toContainText(/must lie between/);
});
