import { ORDERS, TABLE } from "../fixtures/estate.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

// A manifest that is wrong is refused.
test.use({ expectedErrors: [/the server responded with a status of 400/] });

function manifest(name: string): string {
  return `version: 1
name: ${name}
description: The tables of the shop
account: "${ORDERS.id}"
region: ${ORDERS.region}
vault: orders-main
members:
  - {name: orders, table: ${TABLE}}
order:
  - {member: orders, no_later_than: [ordes]}
`;
}

test("a set is written from a template, corrected by the line that is named, kept and looked at", async ({ page }) => {
  await signIn(page, "operator", "/sets");
  await page.getByRole("link", { name: "New set" }).click();
  await page.getByLabel("Start from").selectOption({ value: "mediation" });
  await page.getByRole("button", { name: "Use the template" }).click();
  const text = page.getByLabel("Manifest");
  await expect(text).toHaveValue(/file_system: fs-/);
  const typed = manifest("shop-plainly");
  await text.fill(typed);
  await page.getByRole("button", { name: "Check and save" }).click();
  await expect(page.getByRole("main")).toContainText("line 10: order[0].no_later_than[0]: ordes is no member of the set; did you mean orders?");
  await expect(text).toHaveValue(typed);
  await text.fill(typed.replace(/order:[^]*$/, ""));
  await page.getByRole("button", { name: "Check and save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "shop-plainly" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Members", exact: true })).toContainText(TABLE);
  await expect(page.getByRole("table", { name: "The latest combination" })).toContainText("orders");
});
