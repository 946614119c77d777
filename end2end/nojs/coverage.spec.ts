import { ORDERS, TABLE } from "../fixtures/estate.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

test("the report says how each resource is protected and which controls it fails", async ({ page }) => {
  await signIn(page, "auditor", "/coverage");
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { level: 1, name: "Coverage" })).toBeVisible();
  const controls = main.getByRole("table", { name: "Controls", exact: true });
  await expect(controls.getByRole("row", { name: "Taken by a plan" })).toBeVisible();
  await expect(main.getByRole("table", { name: "Coverage by account" })).toContainText(ORDERS.alias);

  await page.goto(`/coverage?account=${ORDERS.id}&kind=DynamoDB&protected=plan`);
  const row = main.getByRole("row", { name: new RegExp(`^${TABLE} `) });
  await expect(row).toContainText("by plan");
  await expect(row).toContainText("orders-daily");
});

test("the report is kept as CSV, with the rows of the filter", async ({ page }) => {
  await signIn(page, "viewer", `/coverage?account=${ORDERS.id}`);
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  const stream = await (await waiting).createReadStream();
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  const lines = text.trim().split("\r\n");
  expect(lines[0]).toContain("arn,name,type,account");
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines.slice(1)) expect(line).toContain(ORDERS.id);
});

test("an admin changes a control, and its history says who did", async ({ page }) => {
  await signIn(page, "admin", "/coverage/controls");
  await page.getByRole("link", { name: "Change Kept for 35 days" }).click();
  await page.getByLabel("Limit").fill("0");
  // The browser itself refuses to send it; what a server says to those who do is in the tests of services.
  await page.getByRole("button", { name: "Save the control" }).click();
  await expect(page.locator("input:invalid")).toHaveAccessibleName("Limit");
  await page.getByLabel("Name").fill("Kept for 90 days");
  await page.getByLabel("Limit").fill("90");
  await page.getByRole("button", { name: "Save the control" }).click();
  const controls = page.getByRole("table", { name: "Controls", exact: true });
  await expect(controls.getByRole("row", { name: "Kept for 90 days" })).toContainText("90 days or more");
  const history = page.getByRole("table", { name: "Changes of controls" });
  await expect(history.getByRole("row").nth(1)).toContainText("admin");
});

test("who may not change controls sees them and no form", async ({ page }) => {
  await signIn(page, "viewer", "/coverage/controls");
  await expect(page.getByRole("table", { name: "Controls", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Add the control" })).toHaveCount(0);
});

test("costs are told as an estimate with the date and the sources of the prices", async ({ page }) => {
  await signIn(page, "viewer", "/cost");
  const main = page.getByRole("main");
  await expect(main).toContainText("An estimate, not a bill");
  await expect(main).toContainText("as of 20");
  await expect(main.getByRole("table", { name: "By account" })).toContainText(ORDERS.alias);
  await expect(main.getByRole("table", { name: "By plan" })).toContainText("orders-daily");
  await main.getByText("Every price with its source and date").click();
  await expect(main.getByRole("table", { name: "Prices" })).toContainText("https://");
});
