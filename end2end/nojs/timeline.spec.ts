import { TABLE } from "../fixtures/estate.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

test("a point on the timeline starts its restore, with nothing about the source asked again", async ({
  page,
}) => {
  await signIn(page, "operator");
  await page.goto(`/timeline?text=${TABLE}&kind=DynamoDB&range=1d`);
  const lane = page.getByRole("group", { name: new RegExp(`^${TABLE} from `) }).first();
  await expect(lane).toBeVisible();
  await lane.getByRole("link", { name: /^Recovery point / }).first().click();
  await expect(page).toHaveURL(/\/restore\?.*point=.*vault=/);
  await expect(page.getByRole("heading", { level: 2, name: "Where" })).toBeVisible();
});

test("links move and zoom, and the address keeps what is shown", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/timeline?range=35d");
  const lanes = page.getByRole("group", { name: "Lanes" });
  await expect(lanes.getByRole("link").first()).toBeVisible();
  await page.getByRole("link", { name: "closer" }).click();
  await expect(page).toHaveURL(/from=.*until=/);
  const address = page.url();
  await page.getByRole("link", { name: "earlier" }).click();
  await expect(page).not.toHaveURL(address);
  await page.goto(address);
  await expect(page.getByRole("link", { name: "farther" })).toBeVisible();
});

test("failed, missed and pruned backups are told apart by their names, on the drawing and in the table", async ({
  page,
}) => {
  await signIn(page, "viewer");
  await page.goto("/timeline?range=35d");
  const legend = page.getByRole("list", { name: "Meaning of the marks" });
  for (const word of ["failed backup", "missed backup", "pruned recovery point", "recovery point deleted by hand"]) {
    await expect(legend.getByText(word, { exact: true })).toBeVisible();
  }
  await expect(page.getByRole("link", { name: /failed (backup|copy)/i }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: /missed backup/i }).first()).toBeVisible();
  await page.getByText("View as table").click();
  const table = page.getByRole("table", { name: "What the timeline shows" });
  await expect(table.getByRole("link", { name: /failed (backup|copy)/i }).first()).toBeVisible();
  await expect(table.getByRole("link", { name: /missed backup/i }).first()).toBeVisible();
});

test("a timeline is saved as a table and as a drawing", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto(`/timeline?text=${TABLE}&kind=DynamoDB&range=7d`);
  const href = async (name: string) =>
    (await page.getByRole("link", { name, exact: true }).getAttribute("href")) ?? "";
  const csv = await page.request.get(await href("CSV"));
  expect(csv.headers()["content-type"]).toContain("text/csv");
  const lines = (await csv.text()).trim().split("\r\n");
  expect(lines[0]).toContain("resource,name,type");
  expect(lines.length).toBeGreaterThan(5);
  const svg = await page.request.get(await href("SVG"));
  expect(svg.headers()["content-type"]).toContain("image/svg+xml");
  expect(await svg.text()).toMatch(/^<svg xmlns=.*<title>Recovery point/s);
});

test("marks are large enough to hit on a narrow screen", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page, "viewer");
  await page.goto(`/timeline?text=${TABLE}&kind=DynamoDB&range=35d`);
  const boxes = await page
    .locator(".lane-drawing .mark-target")
    .evaluateAll((marks) => marks.map((mark) => mark.getBoundingClientRect()).map(({ x, y, width, height }) => ({ x, y, width, height })));
  expect(boxes.length).toBeGreaterThan(5);
  for (const { width, height } of boxes) {
    // A browser may round a place by some hundred-thousandths of a pixel.
    expect(Math.min(width, height)).toBeGreaterThan(23.99);
  }
});
