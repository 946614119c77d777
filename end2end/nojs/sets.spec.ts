import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { dynamodb } from "../fixtures/aws.ts";
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

test("a set is restored to a combination of its points, and its run is followed", async ({ page, demo }) => {
  test.slow();
  const client = dynamodb(demo.awsUrl, ORDERS.id, ORDERS.region);
  const name = "shop-restored";
  await signIn(page, "operator", "/sets/new");
  await page.getByLabel("Manifest").fill(manifest(name).replace(/order:[^]*$/, ""));
  await page.getByRole("button", { name: "Check and save" }).click();
  await page.getByRole("link", { name: "Restore the set to this" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: `Restore ${name}` })).toBeVisible();
  const target = page.getByLabel("Name of what is made of orders");
  await expect(target).toHaveValue(/^orders-\d{8}T\d{6}Z$/);

  // A name that is taken is refused, and what was typed stays.
  await target.fill(TABLE);
  await page.getByRole("button", { name: "Show what would happen" }).click();
  await expect(page.getByRole("main")).toContainText("It cannot start like this");
  await expect(target).toHaveValue(TABLE);

  const made = `${TABLE}-of-a-set`;
  await target.fill(made);
  await page.getByRole("button", { name: "Show what would happen" }).click();
  await expect(page.getByRole("main")).toContainText(`A new table ${made} will be created`);
  await page.getByLabel("Reason").fill("a bad deployment");
  await page.getByRole("button", { name: "Restore the set" }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  // The page asks again by itself until the run has ended, and names the member with each step.
  await expect(page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole("main")).toContainText(`orders: Create table ${made}`);
  const seen = await client.send(new DescribeTableCommand({ TableName: made }));
  expect(seen.Table?.TableStatus).toBe("ACTIVE");
});
