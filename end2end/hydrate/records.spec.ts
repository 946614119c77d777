import { expectAccessible } from "../fixtures/a11y.ts";
import { dynamodb } from "../fixtures/aws.ts";
import { ORDERS } from "../fixtures/estate.ts";
import { hydrated } from "../fixtures/hydration.ts";
import { endOfThisSecond } from "../fixtures/moments.ts";
import { signIn } from "../fixtures/people.ts";
import {
  ARN,
  captureOf,
  CATEGORY,
  compareUntil,
  good,
  historyOf,
  moment,
  put,
  setPrice,
  sku,
  spoiled,
  TABLE,
} from "../fixtures/records.ts";
import { readable } from "../fixtures/readable.ts";
import { calls } from "../fixtures/sandbox.ts";
import { type Items, scanAll } from "../fixtures/tables.ts";
import { expect, test } from "../fixtures/test.ts";

const WRITTEN = 400;
const SPOILED = 300;
const CHOSEN = 250;
/** One of the chosen, written again after the damage. */
const RESCUED = 7;

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

function textOfKey(number: number): string {
  return JSON.stringify({ category: { S: CATEGORY }, sku: { S: sku(number) } });
}

test("records spoiled by a bad deployment are found, chosen and undone, and nothing else is touched", async ({
  page,
  demo,
}) => {
  test.setTimeout(420_000);
  const client = dynamodb(demo.awsUrl, ORDERS.id, ORDERS.region);
  await signIn(page, "operator");
  const capture = await captureOf(page);
  await put(client, range(0, WRITTEN).map(good));
  // So that the deployment falls into a second of its own.
  const before = await endOfThisSecond();
  const was = await scanAll(client, TABLE);

  await put(client, range(0, SPOILED).map(spoiled));
  const damaged = await endOfThisSecond();
  // Business goes on: new records, changes of others, and somebody mends one by hand.
  await put(client, range(WRITTEN, WRITTEN + 20).map(good));
  for (const number of range(SPOILED, SPOILED + 10)) await setPrice(client, number, "21.5");
  await setPrice(client, RESCUED, "18.25");
  const since = await scanAll(client, TABLE);

  await compareUntil(page, capture, { from: before, to: damaged }, SPOILED);
  await hydrated(page);
  const attributes = page.getByRole("list", { name: "Attributes that changed" });
  for (const name of ["price", "state", "note", "picture"]) {
    await expect(attributes.getByRole("link", { name: `${name} ${SPOILED}` })).toBeVisible();
  }
  const boxes = page.getByRole("checkbox", { name: /^Select / });
  await expect(boxes).toHaveCount(SPOILED);
  await page.getByRole("button", { name: "Select page" }).click();
  await expect(boxes.last()).toBeChecked();
  for (const number of range(CHOSEN, SPOILED)) {
    await page.locator(`input[type="checkbox"][value=${JSON.stringify(textOfKey(number))}]`).uncheck();
  }
  const started = new Date();
  await page.getByRole("button", { name: "Undo these…" }).click();

  await expect(page).toHaveURL(/\/records\/undo\?/);
  await hydrated(page);
  const main = page.getByRole("main");
  await expect(main).toContainText(`${CHOSEN - 1} records of ${TABLE} will be as they were`);
  await expect(main).toContainText("1 record changed since and will be left alone");
  await expect(main.getByRole("status").filter({ hasText: "left alone" })).toContainText(sku(RESCUED));
  expect(await scanAll(client, TABLE), "the table while the plan is shown").toEqual(since);
  await expectAccessible(page);
  await page.getByLabel("Confirmation").fill(TABLE);
  await page.getByLabel("Reason").fill("the deployment of this morning");
  await page.getByRole("button", { name: `Undo ${CHOSEN - 1} records` }).click();

  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  await expect(page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 90_000 });
  await expect(main).toContainText(`${CHOSEN - 1} records are as they were`);
  await expect(main).toContainText("1 record left alone: changed since");
  await expect(main, "a run, which others may see too, names no record").not.toContainText(sku(RESCUED));
  await expectAccessible(page);

  // Who may not see records finds none of their keys, wherever they look.
  const run = new URL(page.url()).pathname;
  const paths = [run, `${run}/items`, `${run}/events`].map((path) => `/api/v1${path}`);
  paths.push("/api/v1/runs", "/api/v1/records", `/api/v1/records/${capture}`, `${run}/events`);
  for (const role of ["viewer", "auditor"] as const) {
    const pages = [run, "/runs", "/audit", `/records/view?capture=${capture}`, "/"];
    const seen = await readable(demo.url, role, pages, paths);
    expect(seen.get(run), `the run, as ${role}`).toContain("left alone");
    for (const [path, body] of seen) {
      expect(body.includes(sku(RESCUED)) || body.includes(CATEGORY), `a key in ${path}, as ${role}`).toBe(false);
    }
  }
  const logged = await demo.logged();
  expect(logged.length, "the log of the process").toBeGreaterThan(0);
  expect(logged.includes(sku(RESCUED)) || logged.includes(CATEGORY), "a key in the log").toBe(false);

  const wanted: Items = new Map(since);
  for (const [key, item] of was) {
    const number = range(0, CHOSEN).find((one) => item.category?.S === CATEGORY && item.sku?.S === sku(one));
    if (number !== undefined && number !== RESCUED) wanted.set(key, item);
  }
  const now = await scanAll(client, TABLE);
  expect(now.size).toBe(wanted.size);
  for (const [key, item] of wanted) expect(now.get(key), key).toEqual(item);

  const made = (await calls(demo.awsUrl, ORDERS.id, started)).filter(
    (call) => call.source_identity === "operator" && call.session_name?.startsWith("tidemark-run-"),
  );
  const actions = new Set(made.map((call) => call.action));
  expect([...actions].sort()).toEqual(
    expect.arrayContaining(["GetItem", "GetObject", "PutItem", "PutObject"]),
  );
  expect(actions.has("Scan"), "the run's rights are cut to records one by one").toBe(false);

  await page.getByRole("link", { name: "See what became of each" }).click();
  await expect(main).toContainText("This plan was carried out");
  await expect(main.getByRole("status").filter({ hasText: "left alone" })).toContainText(sku(RESCUED));
  await expect(page.getByRole("button", { name: /^Undo / })).toHaveCount(0);

  // What the history of each says: the deployment, and that it was undone.
  await expect(async () => {
    await page.goto(historyOf(capture, 0));
    await expect(page.getByRole("list").filter({ hasText: "changed" }).getByRole("listitem").first()).toBeVisible();
    await expect(main).toContainText("3 of 3 versions", { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await hydrated(page);
  await expect(main).toContainText('"<script>alert(1)</script>"');
  await expectAccessible(page);
});

test("the pages of records have no accessibility problem in either theme", async ({ page, demo }) => {
  test.setTimeout(300_000);
  const client = dynamodb(demo.awsUrl, ORDERS.id, ORDERS.region);
  await signIn(page, "operator");
  await page.goto(`/records/setup?table=${encodeURIComponent(ARN)}`);
  await hydrated(page);
  await expectAccessible(page);
  const capture = await captureOf(page);
  const before = await endOfThisSecond();
  await put(client, range(800, 803).map(good));
  await compareUntil(page, capture, { from: before }, 3);
  const addresses = [
    "/records",
    `/records/view?capture=${capture}`,
    `/records/record?capture=${capture}`,
    `/records/record?capture=${capture}&begins=${CATEGORY}`,
    historyOf(capture, 800),
    `/records/compare?capture=${capture}`,
    `/records/compare?capture=${capture}&from=${moment(before)}`,
  ];
  for (const address of addresses) {
    await page.goto(address);
    await hydrated(page);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page);
    await page.setViewportSize({ width: 320, height: 640 });
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(over, `pixels beyond the screen on ${page.url()}`).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1280, height: 900 });
  }
});
