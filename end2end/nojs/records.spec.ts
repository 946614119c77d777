import { dynamodb } from "../fixtures/aws.ts";
import { ORDERS } from "../fixtures/estate.ts";
import { endOfThisSecond } from "../fixtures/moments.ts";
import { signIn } from "../fixtures/people.ts";
import {
  captureOf,
  CATEGORY,
  compareUntil,
  good,
  historyOf,
  moment,
  put,
  read,
  sku,
  spoiled,
  TABLE,
  untilDone,
} from "../fixtures/records.ts";
import { scanAll, text } from "../fixtures/tables.ts";
import { expect, test } from "../fixtures/test.ts";

// The browser itself reports a status of 4xx as an error.
test.use({ expectedErrors: [/the server responded with a status of 4\d\d/] });

test("a record is found, its history read and what became of it undone without JavaScript", async ({
  page,
  demo,
}) => {
  test.setTimeout(300_000);
  const client = dynamodb(demo.awsUrl, ORDERS.id, ORDERS.region);
  await signIn(page, "operator");
  const capture = await captureOf(page);
  await put(client, [good(1), good(2)]);
  const before = await endOfThisSecond();
  await put(client, [spoiled(1), spoiled(2)]);
  const damaged = await endOfThisSecond();
  await compareUntil(page, capture, { from: before, to: damaged }, 2);

  const main = page.getByRole("main");
  await page.goto(`/timeline?text=${TABLE}&kind=DynamoDB&range=1d`);
  const legend = page.getByRole("list", { name: "Meaning of the marks" });
  await expect(legend).toContainText("any second, record-level backup");
  await page.goto(`/records/view?capture=${capture}`);
  await page.getByRole("link", { name: "Find records" }).click();
  await page.getByLabel("Partition key", { exact: true }).fill(CATEGORY.slice(0, 5));
  await page.getByLabel("As of, UTC").fill(moment(before));
  await page.getByRole("button", { name: "Find" }).click();
  const found = page.getByRole("table", { name: "Records found" });
  await expect(found).toContainText("on sale");
  await expect(found).not.toContainText("script");
  await found.getByRole("link", { name: sku(1) }).click();
  await expect(main).toContainText("2 of 2 versions");
  await expect(main).toContainText('"<script>alert(1)</script>"');
  await expect(main).toContainText("\\u202egnorw");

  await compareUntil(page, capture, { from: before, to: damaged }, 2);
  await page.getByRole("checkbox", { name: new RegExp(sku(1)) }).check();
  await page.getByRole("button", { name: "Undo these…" }).click();
  await expect(main).toContainText(`1 record of ${TABLE} will be as they were`);
  await page.getByLabel("Confirmation").fill("another table");
  await page.getByLabel("Reason").fill("a bad deployment");
  await page.getByRole("button", { name: "Undo 1 record" }).click();
  await expect(page.getByLabel("Confirmation")).toHaveAccessibleDescription(new RegExp(TABLE));
  await expect(page.getByLabel("Reason")).toHaveValue("a bad deployment");
  await page.getByLabel("Confirmation").fill(TABLE);
  await page.getByRole("button", { name: "Undo 1 record" }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  await untilDone(page);
  expect(await read(client, 1)).toEqual(good(1));
  expect(await read(client, 2)).toEqual(spoiled(2));

  // The same second comes back beside it, as a table of its own.
  await page.goto(`/records/view?capture=${capture}`);
  await page.getByRole("link", { name: "Restore", exact: true }).click();
  await expect(main).toContainText("Any second of the record-level backup");
  await page.getByLabel("Date (UTC)").fill(moment(before).slice(0, 10));
  await page.getByLabel("Time (UTC)").fill(moment(before).slice(11));
  await page.getByLabel("Only this partition").fill(CATEGORY);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Name of the new table").fill("products-before");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(main).toContainText(`the records of ${TABLE} in one partition`);
  await expect(main).toContainText(CATEGORY);
  await page.getByRole("button", { name: "Start the restore" }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  await untilDone(page);
  const restored = [...(await scanAll(client, "products-before")).values()];
  expect(restored.sort((a, b) => text(a).localeCompare(text(b)))).toEqual([good(1), good(2)]);

  // What makes no sense is named beside its field.
  await page.goto(`/records/compare?capture=${capture}&from=${moment(damaged)}&to=${moment(before)}`);
  await expect(page.getByLabel("To, UTC")).toHaveAccessibleDescription(/Must lie after/);
  await page.goto(`/records/compare?capture=${capture}&from=2020-01-01T00:00:00`);
  await expect(page.getByLabel("From, UTC")).toHaveAccessibleDescription(/since when every second is known/);
  await page.goto(`/records/record?capture=${capture}&key=${encodeURIComponent('{"x":1}')}`);
  await expect(main).toContainText("key");
  await expect(main).toContainText("Check what you entered");
});

test("who may not see what records held is refused, and is not offered it", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/records");
  await expect(page.getByRole("heading", { level: 1, name: "Records" })).toBeVisible();
  for (const address of ["/records/record?capture=x", "/records/compare?capture=x", "/records/undo?capture=x"]) {
    const response = await page.goto(address);
    expect(response?.status(), address).toBe(403);
  }
});

test("the history of a record that was never there says so", async ({ page }) => {
  await signIn(page, "operator");
  const capture = await captureOf(page);
  await page.goto(historyOf(capture, 9_999));
  await expect(page.getByRole("main")).toContainText("The backup never heard of it");
});
