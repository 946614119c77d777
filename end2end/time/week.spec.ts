import { CreateTableCommand, PutItemCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import type { Locator, Page } from "@playwright/test";

import { expectAccessible } from "../fixtures/a11y.ts";
import { backup, dynamodb } from "../fixtures/aws.ts";
import type { Demo } from "../fixtures/demo.ts";
import { ORDERS, RECOVERY } from "../fixtures/estate.ts";
import { type Hand, keyboard, pointer } from "../fixtures/hands.ts";
import { hydrated } from "../fixtures/hydration.ts";
import { PASSWORD, type Role } from "../fixtures/people.ts";
import { DR_VAULT, field, NEW_PLAN } from "../fixtures/plans.ts";
import { addOutage, advanceClock, simulatedNow } from "../fixtures/sandbox.ts";
import { expect, test } from "../fixtures/test.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** The next moment at that hour of the day (UTC), some days later. */
function next(now: Date, hour: number, days: number): Date {
  const at = new Date(now);
  at.setUTCHours(hour, 0, 0, 0);
  if (at <= now) at.setUTCDate(at.getUTCDate() + 1);
  at.setUTCDate(at.getUTCDate() + days);
  return at;
}

/** Lets time pass in AWS and in the console until a moment. */
async function passUntil(demo: Demo, at: Date): Promise<void> {
  const now = await simulatedNow(demo.awsUrl);
  await advanceClock(demo.awsUrl, Math.ceil((at.getTime() - now.getTime()) / 1000));
}

const day = (at: Date) => at.toISOString().slice(0, 10);

/** A person at the console: a page, a way to work it, and signing in again when a session has ended. */
class Person {
  constructor(
    readonly page: Page,
    readonly hand: Hand,
  ) {}

  async open(address: string, role: Role = "operator"): Promise<void> {
    await this.page.goto(address);
    await hydrated(this.page);
    const asked = this.page.getByRole("heading", { level: 1, name: "Sign in" });
    await expect(this.page.getByRole("heading", { level: 1 })).toBeVisible();
    if (!(await asked.isVisible())) return;
    await this.hand.fill(this.page.getByLabel("Name", { exact: true }), role);
    await this.hand.fill(this.page.getByLabel("Password", { exact: true }), PASSWORD);
    await this.hand.press(this.page.getByRole("button", { name: "Sign in" }));
    await expect(this.page.getByRole("navigation", { name: "Main" })).toBeVisible();
    await hydrated(this.page);
  }

  field(name: string): Locator {
    return field(this.page, name);
  }

  /** Opens an address time and again until it shows what the catalogue is about to read. */
  async openUntil(address: string, shows: () => Locator): Promise<void> {
    await expect(async () => {
      await this.open(address);
      await expect(shows()).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 60_000, intervals: [500] });
  }

  /** Has accounts read again, as one does who just changed something outside the console. */
  async readAgain(...accounts: { id: string }[]): Promise<void> {
    for (const { id } of accounts) {
      await this.open(`/accounts/${id}`);
      const answered = this.page.waitForEvent("framenavigated");
      await this.hand.press(this.page.getByRole("button", { name: "Sync now" }));
      await answered;
      await hydrated(this.page);
    }
  }

  async untilDone(): Promise<void> {
    await expect(this.page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
    await expect(this.page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 60_000 });
  }
}

/** A table that only this plan takes, and a vault of its own. */
async function makeTable(demo: Demo, table: string, vault: string): Promise<void> {
  const client = dynamodb(demo.awsUrl, ORDERS.id, ORDERS.region);
  await client.send(
    new CreateTableCommand({
      TableName: table,
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName: table });
  for (const id of ["a", "b", "c"]) {
    await client.send(new PutItemCommand({ TableName: table, Item: { id: { S: id } } }));
  }
  // A key that the account of the copies may use.
  const shared = await backup(demo.awsUrl, ORDERS.id, ORDERS.region, "GET", "/backup-vaults/orders-main");
  const { EncryptionKeyArn } = shared as { EncryptionKeyArn: string };
  await backup(demo.awsUrl, ORDERS.id, ORDERS.region, "PUT", `/backup-vaults/${vault}`, { EncryptionKeyArn });
}

async function fillWeek(person: Person, plan: string, table: string, vault: string): Promise<void> {
  const { hand, page } = person;
  await hand.fill(person.field("name"), plan);
  await hand.fill(person.field("rule.0.name"), "morning");
  await hand.choose(person.field("rule.0.vault"), vault);
  await hand.fill(person.field("rule.0.at"), "05:00");
  await hand.fill(person.field("rule.0.start"), "60");
  await hand.fill(person.field("rule.0.end"), "240");
  await hand.fill(person.field("rule.0.delete"), "35");
  await hand.press(page.getByRole("button", { name: "Add a rule" }));
  await hand.fill(person.field("rule.1.name"), "late");
  await hand.choose(person.field("rule.1.vault"), vault);
  await hand.fill(person.field("rule.1.at"), "11:00");
  await hand.fill(person.field("rule.1.start"), "60");
  await hand.fill(person.field("rule.1.end"), "240");
  await hand.fill(person.field("rule.1.delete"), "3");
  await hand.press(page.getByRole("button", { name: "Add a copy to rule 2" }));
  await hand.choose(person.field("rule.1.copy.0.vault"), DR_VAULT);
  await hand.fill(person.field("rule.1.copy.0.delete"), "60");
  await hand.fill(person.field("selection.0.name"), "one-table");
  await hand.fill(
    person.field("selection.0.resources"),
    `arn:aws:dynamodb:${ORDERS.region}:${ORDERS.id}:table/${table}`,
  );
  await hand.fill(person.field("reason"), "A week of the tests");
}

for (const way of ["pointer", "keyboard"] as const) {
  test(`a plan's week, seen and worked by ${way}: what exists, failed, was missed, pruned and deleted`, async ({
    page,
    demo,
  }) => {
    test.setTimeout(420_000);
    const person = new Person(page, way === "pointer" ? pointer() : keyboard(page));
    const { hand } = person;
    const [plan, table, vault] = [`week-${way}`, `week-${way}`, `vault-of-${way}`];
    const begin = await simulatedNow(demo.awsUrl);
    await makeTable(demo, table, vault);

    // The plan: two rules, one with a copy into another account; the dry run; saved as shown.
    await person.readAgain(ORDERS);
    await person.openUntil(`/resources?text=${table}`, () => page.getByRole("link", { name: table, exact: true }));
    await person.openUntil(NEW_PLAN, () => person.field("rule.0.vault").locator(`option[value="${vault}"]`).locator(".."));
    await fillWeek(person, plan, table, vault);
    await expectAccessible(page);
    await hand.press(page.getByRole("button", { name: "Review" }));
    await expect(page.getByRole("heading", { level: 2, name: "Selected resources" })).toBeVisible();
    await hydrated(page);
    const main = page.getByRole("main");
    await expect(main).toContainText("It takes 1 resource.");
    await expect(page.getByRole("heading", { level: 2, name: "Upcoming runs" })).toBeVisible();
    await expectAccessible(page);
    await hand.press(page.getByRole("button", { name: "Save the plan" }));
    await person.untilDone();

    // A week in which one night nothing can start, and one night the vault is locked to longer than the rule keeps.
    const missed = next(begin, 5, 1);
    const failed = next(begin, 5, 3);
    await addOutage(demo.awsUrl, {
      account: ORDERS.id,
      region: ORDERS.region,
      resource: `arn:aws:dynamodb:${ORDERS.region}:${ORDERS.id}:table/${table}`,
      after_seconds: Math.floor((missed.getTime() - (await simulatedNow(demo.awsUrl)).getTime()) / 1000) - 300,
      seconds: 3 * HOUR,
    });
    await passUntil(demo, new Date(failed.getTime() - HOUR * 1000));
    await backup(demo.awsUrl, ORDERS.id, ORDERS.region, "PUT", `/backup-vaults/${vault}/vault-lock`, {
      MinRetentionDays: 300,
    });
    await passUntil(demo, new Date(failed.getTime() + 2 * HOUR * 1000));
    await backup(demo.awsUrl, ORDERS.id, ORDERS.region, "DELETE", `/backup-vaults/${vault}/vault-lock`);
    await passUntil(demo, new Date(begin.getTime() + 7 * DAY * 1000));

    await person.readAgain(ORDERS, RECOVERY);

    const [from, until] = [begin.getTime() - DAY * 1000, begin.getTime() + 10 * DAY * 1000].map((at) => new Date(at).toISOString());
    const timeline = `/timeline?text=${table}&kind=DynamoDB&from=${from}&until=${until}`;
    const shown = () => page.getByRole("table", { name: "What the timeline shows" });
    const rows = (what: RegExp) => shown().getByRole("row").filter({ hasText: what });
    const openTimeline = async (until: () => Locator) => {
      await expect(async () => {
        await person.open(timeline);
        await hand.press(page.getByText("View as table"));
        await expect(until()).not.toHaveCount(0, { timeout: 1_000 });
      }).toPass({ timeout: 90_000, intervals: [500] });
    };
    await openTimeline(() => rows(/pruned/i));
    await expect(rows(/missed backup/i)).toHaveCount(1);
    await expect(rows(/missed backup/i)).toContainText(day(missed));
    await expect(rows(/failed backup/i)).toHaveCount(1);
    await expect(rows(/failed backup/i)).toContainText(day(failed));
    await expect(rows(/deleted by hand/i)).toHaveCount(0);
    await expectAccessible(page);

    // Another retention: the points that are there keep theirs.
    await person.openUntil(`/plans?text=${plan}`, () => page.getByRole("link", { name: plan, exact: true }));
    await hand.press(page.getByRole("link", { name: plan, exact: true }));
    await hand.press(page.getByRole("link", { name: "Change", exact: true }));
    await expect(person.field("rule.0.delete")).toHaveValue("35");
    await hand.fill(person.field("rule.0.delete"), "50");
    await hand.fill(person.field("reason"), "Kept for longer");
    await hand.press(page.getByRole("button", { name: "Review" }));
    await expect(main).toContainText("A new version of the plan");
    await hand.press(page.getByRole("button", { name: "Save the plan" }));
    await person.untilDone();
    const later = next(begin, 5, 7);
    await passUntil(demo, new Date(later.getTime() + 4 * HOUR * 1000));

    await person.readAgain(ORDERS);

    // A day's points deleted by hand.
    const gone = next(begin, 5, 5);
    const boxes = () => page.getByRole("checkbox", { name: new RegExp(`^Select ${table} of ${day(gone)}`) });
    const points = `/points?text=${table}&account=${ORDERS.id}&vault=${vault}`;
    await person.openUntil(points, () => page.getByRole("checkbox", { name: new RegExp(`^Select ${table} of ${day(later)}`) }).first());
    const picked = await boxes().count();
    expect(picked).toBeGreaterThan(0);
    for (let n = 0; n < picked; n += 1) await hand.check(boxes().nth(n));
    await expectAccessible(page);
    await hand.press(page.getByRole("button", { name: "Delete selected…" }));
    await hydrated(page);
    await hand.fill(page.getByLabel("Confirmation"), vault);
    await hand.fill(page.getByLabel("Reason"), "A day that is not wanted");
    await hand.press(page.getByRole("button", { name: new RegExp(`^Delete ${picked} points?$`) }));
    await person.untilDone();

    // All of them told apart, in words and on the drawing.
    await openTimeline(() => rows(/deleted by hand/i));
    await expect(rows(/missed backup/i)).toHaveCount(1);
    await expect(rows(/failed backup/i)).toHaveCount(1);
    await expect(rows(/pruned/i)).not.toHaveCount(0);
    for (const row of await rows(/deleted by hand/i).all()) await expect(row).toContainText(day(gone));
    await expect(rows(/vault dr-locked|locked/)).not.toHaveCount(0);
    await expectAccessible(page);
    const words = await shown().getByRole("row").allTextContents();
    test.info().annotations.push({ type: "timeline", description: words.join("\n") });

    // Its points say how long each version keeps them.
    await person.open(points);
    const made = (at: Date) => page.getByRole("row").filter({ has: page.getByRole("checkbox", { name: new RegExp(`^Select ${table} of ${day(at)} 05`) }) });
    await expect(made(gone)).toHaveCount(0);
    await expect(made(later)).toHaveCount(1);
  });
}
