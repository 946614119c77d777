import type { Page } from "@playwright/test";

import { dynamodb } from "../fixtures/aws.ts";
import { ORDERS, TABLE } from "../fixtures/estate.ts";
import { hydrated } from "../fixtures/hydration.ts";
import { signIn } from "../fixtures/people.ts";
import { damage, expectRestored, fillWizard } from "../fixtures/restore.ts";
import { calls } from "../fixtures/sandbox.ts";
import { expect, test } from "../fixtures/test.ts";

test("a damaged table comes back as it was at a second, while the page follows the run", async ({
  page,
  demo,
}) => {
  test.slow();
  const client = dynamodb(demo.awsUrl, ORDERS.id, ORDERS.region);
  const target = `${TABLE}-hydrated`;
  await signIn(page, "operator");
  await hydrated(page);
  const before = await damage(client, TABLE);
  await fillWizard(page, TABLE, before.at, target);

  const started = new Date();
  await page.getByRole("button", { name: "Start the restore" }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  await hydrated(page);
  await recordSteps(page);
  await expect(page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 90_000 });
  // The same document all the time: what it showed came in while it was open.
  expect((await recordedSteps(page)).length, "states of the steps that were shown").toBeGreaterThan(2);

  await expectRestored(client, target, before);

  const made = (await calls(demo.awsUrl, ORDERS.id, started)).filter(
    (call) => call.service !== "sts" && call.source_identity === "operator",
  );
  expect(made.map((call) => call.action)).toContain("RestoreTableToPointInTime");
  for (const call of made) {
    expect(call.principal_arn).toMatch(new RegExp(`^arn:aws:sts::${ORDERS.id}:assumed-role/`));
  }
});

test("the slider stands where date and time do, however one comes to them", async ({ page }) => {
  await signIn(page, "operator");
  const at = new Date(Date.now() - 3_600_000).toISOString();
  const [date, time] = [at.slice(0, 10), at.slice(11, 19)];
  const arn = encodeURIComponent(`arn:aws:dynamodb:${ORDERS.region}:${ORDERS.id}:table/${TABLE}`);
  await page.goto(`/restore?arn=${arn}&date=${date}&time=${time}&step=where`);
  await hydrated(page);
  await page.getByRole("link", { name: /When/ }).click();
  await expect(page.getByLabel("Time (UTC)")).toHaveValue(time);
  const readout = page.getByText(/^Restorable to \d/);
  await expect(readout).toContainText(`${date} ${time} UTC`);
  await page.getByLabel("Time (UTC)").fill("00:00:01");
  await expect(readout).toContainText("00:00:01 UTC");
  await page.getByRole("button", { name: "+1 s", exact: true }).click();
  await expect(page.getByLabel("Time (UTC)")).not.toHaveValue("00:00:01");
});

declare global {
  interface Window {
    stepsShown?: string[];
  }
}

/** Notes every state in which the list of steps is shown from now on. */
async function recordSteps(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shown: string[] = [];
    const note = () => {
      const states = [...document.querySelectorAll("ol.steps > li")].map((step) =>
        step.getAttribute("data-state"),
      );
      const text = states.join(" ");
      if (shown.at(-1) !== text) shown.push(text);
    };
    note();
    new MutationObserver(note).observe(document.body, {
      attributes: true,
      childList: true,
      subtree: true,
    });
    window.stepsShown = shown;
  });
}

async function recordedSteps(page: Page): Promise<string[]> {
  return page.evaluate(() => window.stepsShown ?? []);
}
