/**
 * Pages are left at any moment of their first two seconds, on a slow machine: nothing of them may go on after they are
 * gone. `TIDEMARK_LEAVING=whole` tries every 20 milliseconds by each way; otherwise a few of them are tried.
 */
import { errorsOf, goHome, leave, REFUSED, passThrough, slowDown, WAYS, type Way } from "../fixtures/leaving.ts";
import { signIn } from "../fixtures/people.ts";
import { GROUPS } from "../fixtures/places.ts";
import { expect, test } from "../fixtures/test.ts";

const WHOLE = process.env.TIDEMARK_LEAVING === "whole";
const STEP = 20;
const LONGEST = 2_000;
const FEW = [0, 60, 240, 900];

/** When the n-th page of a group is left, and how. */
function moments(nth: number): { after: number; way: Way }[] {
  if (!WHOLE) return FEW.map((after, at) => ({ after, way: WAYS[(nth + at) % WAYS.length]! }));
  const all = Array.from({ length: LONGEST / STEP + 1 }, (_, at) => at * STEP);
  return all.flatMap((after) => WAYS.map((way) => ({ after, way })));
}

// Some are asked for what is not there.
test.use({ expectedErrors: [REFUSED] });

for (const [group, find] of Object.entries(GROUPS)) {
  test(`pages of "${group}" are left at any moment`, async ({ page }) => {
    test.setTimeout(WHOLE ? 6 * 3_600_000 : 240_000);
    await signIn(page, "admin");
    const places = await find(page);
    await goHome(page);
    await slowDown(page);
    const errors = errorsOf(page);
    for (const [nth, place] of places.entries()) {
      for (const { after, way } of moments(nth)) {
        await test.step(`${place.name} by ${way} after ${after} ms`, async () => {
          await passThrough(page, place.address, after, way);
          expect(errors, `${place.name} left by ${way} after ${after} ms`).toEqual([]);
        });
      }
    }
  });
}

test("pages are left while they come to life", async ({ page }) => {
  test.setTimeout(WHOLE ? 3_600_000 : 240_000);
  await signIn(page, "admin");
  await slowDown(page);
  const errors = errorsOf(page);
  const places = [...(await GROUPS.resources!(page)), ...(await GROUPS.restore!(page)), ...(await GROUPS.plans!(page))];
  for (const [nth, place] of places.entries()) {
    const waits = WHOLE ? moments(0).map(({ after }) => after) : [FEW[nth % FEW.length]! * 2];
    for (const after of waits) {
      await test.step(`${place.name} after ${after} ms`, async () => {
        await page.goto(place.address, { waitUntil: "commit" });
        // The point of it is not to wait for any state.
        await page.waitForTimeout(after);
        await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Cost" }).click();
        await expect(page.getByRole("heading", { level: 1, name: "Cost" })).toBeVisible();
        expect(errors, `${place.name} left after ${after} ms`).toEqual([]);
      });
    }
  }
});

test("the way back through many pages leads through each of them", async ({ page }) => {
  test.setTimeout(240_000);
  await signIn(page, "admin");
  const places = await GROUPS.plans!(page);
  await goHome(page);
  await slowDown(page);
  const errors = errorsOf(page);
  for (const place of places) {
    await page.evaluate((to) => window.linkTo!(to).click(), place.address);
    await expect.poll(() => page.url()).toContain(place.address.split("?")[0]!);
  }
  // Faster than any of them can come.
  await page.evaluate(async (times) => {
    for (let n = 0; n < times; n += 1) {
      history.back();
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }, places.length);
  await expect(page).toHaveURL(/\/cost$/);
  await leave(page, "link");
  expect(errors).toEqual([]);
});
