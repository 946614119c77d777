/** A run's page follows the run through answers that are errors, and says when it does not. */
import { ORDERS, TABLE } from "../fixtures/estate.ts";
import { hydrated } from "../fixtures/hydration.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

test.use({ expectedErrors: [/503|Failed to load resource/] });

test("a stream that is answered with an error is opened anew, and the page says so meanwhile", async ({ page }) => {
  await signIn(page, "operator");
  const asked: string[] = [];
  let away = true;
  await page.route(/\/runs\/[^/]+\/events/, async (route) => {
    asked.push(route.request().url());
    // As a proxy answers while the console restarts: the browser gives the stream up for good.
    if (away) await route.fulfill({ status: 503, body: "away" });
    else await route.continue();
  });
  const answer = await page.request.post("/api/v1/backups", {
    data: {
      resource: `arn:aws:dynamodb:${ORDERS.region}:${ORDERS.id}:table/${TABLE}`,
      vault: "orders-main",
      reason: "a test",
    },
  });
  const { run } = (await answer.json()) as { run: string };
  await page.goto(`/runs/${run}`);
  await hydrated(page);
  await expect(page.getByText(/^Not live: /)).toBeVisible();
  await expect.poll(() => asked.length).toBeGreaterThan(1);
  away = false;
  await expect(page.getByText(/^Not live: /)).toHaveCount(0);
  await expect(page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 60_000 });
  const before = asked.length;
  // Nothing is asked for once the run has ended; a page that asked would do so within two seconds.
  await page.waitForTimeout(2_500);
  expect(asked.length).toBe(before);
});
