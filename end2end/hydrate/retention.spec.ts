import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import type { Page } from "@playwright/test";

import { expectAccessible } from "../fixtures/a11y.ts";
import { backup, dynamodb } from "../fixtures/aws.ts";
import { ORDERS } from "../fixtures/estate.ts";
import { hydrated } from "../fixtures/hydration.ts";
import { signIn } from "../fixtures/people.ts";
import { field, fillPlan, NEW_PLAN, openPlan, savePlan } from "../fixtures/plans.ts";
import { addOutage, advanceClock, simulatedNow } from "../fixtures/sandbox.ts";
import { expect, test } from "../fixtures/test.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const VAULT = "week-vault";
const NAME = "week";

/** Asks for a new reading of the account and waits until a page shows what is expected. */
async function readAgain(page: Page, address: string, shown: () => Promise<void>): Promise<void> {
  await page.goto(`/accounts/${ORDERS.id}`);
  await page.getByRole("button", { name: "Read again" }).click();
  await expect(async () => {
    await page.goto(address);
    await shown();
  }).toPass({ timeout: 60_000, intervals: [500] });
}

test("a week of a new plan: made, copied, failed, missed and deleted by hand are told apart", async ({
  page,
  demo,
}) => {
  test.setTimeout(300_000);
  const { id: account, region } = ORDERS;
  const table = "week-table";
  const arn = `arn:aws:dynamodb:${region}:${account}:table/${table}`;
  const aws = (method: string, path: string, body?: unknown) =>
    backup(demo.awsUrl, account, region, method, path, body);
  await dynamodb(demo.awsUrl, account, region).send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  await aws("PUT", `/backup-vaults/${VAULT}`, {});
  await signIn(page, "operator");
  await readAgain(page, `/resources?text=${table}`, async () => {
    await expect(page.getByRole("link", { name: table, exact: true })).toBeVisible({ timeout: 1_000 });
  });

  // The plan, put together and saved: the dry run says that it takes the table.
  await page.goto(NEW_PLAN);
  await hydrated(page);
  await fillPlan(page, NAME, table);
  for (const rule of [0, 1]) await field(page, `rule.${rule}.vault`).selectOption(VAULT);
  await page.getByRole("button", { name: "Review" }).press("Enter");
  await expect(page.locator(".stat", { hasText: "Taken newly" })).toContainText("1");
  await hydrated(page);
  await page.getByRole("button", { name: "Back to editing" }).last().press("Enter");
  await hydrated(page);
  await savePlan(page);

  // The third day's job cannot start in its window; the fifth day's job is refused by a lock.
  const began = await simulatedNow(demo.awsUrl);
  const first = nextAt(began, 5);
  const until = (day: number) => (first.getTime() - began.getTime()) / 1000 + day * DAY;
  await addOutage(demo.awsUrl, {
    account,
    region,
    resource: arn,
    after_seconds: Math.floor(until(2) - HOUR / 2),
    seconds: 3 * HOUR,
  });
  await advanceClock(demo.awsUrl, Math.floor(until(4) - HOUR));
  await aws("PUT", `/backup-vaults/${VAULT}/vault-lock`, { MinRetentionDays: 90 });
  await advanceClock(demo.awsUrl, 3 * HOUR);
  await aws("DELETE", `/backup-vaults/${VAULT}/vault-lock`);
  await advanceClock(demo.awsUrl, 3 * DAY);

  const end = await simulatedNow(demo.awsUrl);
  const query = new URLSearchParams({
    text: table,
    kind: "DynamoDB",
    from: began.toISOString().slice(0, 19) + "Z",
    until: end.toISOString().slice(0, 19) + "Z",
  });
  const timeline = `/timeline?${query}`;
  const happened = () => page.getByRole("table", { name: "What the timeline shows" });
  const openTable = async () => {
    await page.getByText("The same as a table").click();
  };
  await readAgain(page, timeline, async () => {
    await openTable();
    await expect(happened()).toContainText(/missed backup/i, { timeout: 1_000 });
  });
  await expect(happened().getByRole("link", { name: /^Recovery point /i }).first()).toBeVisible();
  await expect(happened()).toContainText(/failed backup/i);
  await expect(happened()).toContainText(/missed backup/i);

  // Another retention is another version; points that are there keep theirs.
  await openPlan(page, NAME);
  await page.getByRole("link", { name: "Change" }).click();
  await hydrated(page);
  await field(page, "rule.0.delete").fill("20");
  await page.getByRole("button", { name: "Review" }).press("Enter");
  await expect(page.getByRole("row", { name: "Rules[daily].Lifecycle.DeleteAfterDays" })).toContainText("20");
  await page.getByRole("button", { name: "Save the plan" }).press("Enter");
  await expect(page.getByText(/^Everything is done/)).toBeVisible({ timeout: 60_000 });

  // Someone deletes the first day's points.
  const { RecoveryPoints: points } = (await aws(
    "GET",
    `/backup-vaults/${VAULT}/recovery-points`,
  )) as { RecoveryPoints: { RecoveryPointArn: string; CreationDate: number }[] };
  const ofFirstDay = points.filter((point) => point.CreationDate * 1000 < first.getTime() + DAY * 1000 / 2);
  expect(ofFirstDay.length).toBeGreaterThan(0);
  for (const point of ofFirstDay) {
    const path = encodeURIComponent(point.RecoveryPointArn);
    await aws("DELETE", `/backup-vaults/${VAULT}/recovery-points/${path}`);
  }
  await readAgain(page, timeline, async () => {
    await openTable();
    await expect(happened()).toContainText(/deleted by hand/i, { timeout: 1_000 });
  });
  for (const word of [/recovery point/i, /failed backup/i, /missed backup/i, /deleted by hand/i]) {
    await expect(happened()).toContainText(word);
  }
  await hydrated(page);
  await expectAccessible(page);
});

/** The next moment at that hour of UTC. */
function nextAt(after: Date, hour: number): Date {
  const at = new Date(after);
  at.setUTCHours(hour, 0, 0, 0);
  if (at <= after) at.setUTCDate(at.getUTCDate() + 1);
  return at;
}
