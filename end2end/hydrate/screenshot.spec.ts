import { TABLE } from "../fixtures/estate.ts";
import { hydrated } from "../fixtures/hydration.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

/** Where the picture goes: `TIDEMARK_SCREENSHOT=../docs/screenshot.png` renews the README's. */
const TARGET = process.env.TIDEMARK_SCREENSHOT;

test("the page of a table shows its timeline, its window and its points", async ({ page }, info) => {
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await signIn(page, "operator");
  await page.goto(`/resources?text=${TABLE}&kind=DynamoDB`);
  await page.getByRole("link", { name: TABLE, exact: true }).click();
  await hydrated(page);
  await expect(page.getByText(/^Restorable to any second from/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Timeline" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Recovery points" }).getByRole("row").nth(3)).toBeVisible();
  await page.screenshot({ path: TARGET ?? info.outputPath("screenshot.png") });
});
