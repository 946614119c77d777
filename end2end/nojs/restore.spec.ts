import { dynamodb } from "../fixtures/aws.ts";
import { MEDIA, ORDERS, TABLE } from "../fixtures/estate.ts";
import { signIn } from "../fixtures/people.ts";
import { damage, expectRestored, fillWizard } from "../fixtures/restore.ts";
import { expect, test } from "../fixtures/test.ts";

test("a damaged table comes back as it was at a second, without JavaScript", async ({ page, demo }) => {
  test.slow();
  const client = dynamodb(demo.awsUrl, ORDERS.id, ORDERS.region);
  const target = `${TABLE}-plain`;
  await signIn(page, "operator");
  const before = await damage(client, TABLE);
  await fillWizard(page, TABLE, before.at, target);
  await page.getByRole("button", { name: "Start the restore" }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  // The page asks again by itself until the run has ended.
  await expect(page.getByText(/^Completed( after|\.)/)).toBeVisible({ timeout: 90_000 });
  await expectRestored(client, target, before);
});

test("a half-filled wizard can be sent to somebody and gone back in without losing input", async ({
  page,
}) => {
  await signIn(page, "operator");
  await fillWizard(page, TABLE, new Date(Date.now() - 3_600_000), "somewhere-else");
  const address = page.url();
  await page.goto("/");
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 2, name: "Checks and review" })).toBeVisible();
  await page.getByRole("link", { name: "Back" }).click();
  await expect(page.getByLabel("Reason")).toHaveValue("Items were deleted by mistake");
  await page.getByRole("button", { name: "Back" }).click();
  await expect(page.getByLabel("Name of the new table")).toHaveValue("somewhere-else");
});

test.describe("what exists is changed only when its name is typed", () => {
  // The browser itself reports a status of 4xx as an error.
  test.use({ expectedErrors: [/the server responded with a status of 4\d\d/] });

  test("a bucket comes back as a new one, and over a live one only after its name was typed", async ({
    page,
  }) => {
    test.slow();
    const live = `media-originals-${MEDIA.id}`;
    await signIn(page, "operator");
    await page.goto(`/resources?text=${live}&kind=S3`);
    await page.getByRole("link", { name: live, exact: true }).first().click();
    await page.getByRole("link", { name: "Restore", exact: true }).first().click();
    await expect(page.getByRole("heading", { level: 2, name: "When" })).toBeVisible();
    await page.getByRole("link", { name: /^Restore from this/ }).first().click();

    await expect(page.getByRole("heading", { level: 2, name: "Where" })).toBeVisible();
    const bucket = page.getByLabel("DestinationBucketName");
    const isNew = page.getByLabel("NewBucket");
    await expect(bucket).toHaveValue(new RegExp(`^${live}-restored-\\d{14}`));
    await expect(isNew).toHaveValue("true");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    const main = page.getByRole("main");
    await expect(main).toContainText(`A new bucket ${live}-restored-`);
    await expect(main).toContainText(`${live} itself is not touched.`);
    await expect(page.getByLabel("Confirmation")).toHaveCount(0);

    await page.getByRole("link", { name: /Where/ }).click();
    await bucket.fill(live);
    await isNew.fill("false");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(main).toContainText("This does not make something new");
    await expect(main).toContainText(`bucket ${live} in account ${MEDIA.alias}`);
    await expect(main).not.toContainText("itself is not touched");
    await page.getByLabel("Confirmation").fill("yes");
    await page.getByRole("button", { name: "Start the restore" }).click();
    await expect(page.getByLabel("Confirmation")).toHaveAccessibleDescription(new RegExp(live));
    await page.getByLabel("Confirmation").fill(live);
    await page.getByRole("button", { name: "Start the restore" }).click();
    await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  });

  test("the review says which plans take the copy by its tags, and other tags are chosen there", async ({
    page,
  }) => {
    await signIn(page, "operator");
    await fillWizard(page, TABLE, new Date(Date.now() - 3_600_000), "copy-with-tags");
    const main = page.getByRole("main");
    await expect(main).toContainText("Backup plans will take what is restored");
    await page.getByText("Choose other tags").click();
    await page.getByLabel("No tags").check();
    await page.getByRole("button", { name: "Show the plan with these tags" }).click();
    await expect(main).toContainText("The new table gets no tags.");
    await expect(main).toContainText("No backup plan takes what is restored.");
    await page.getByText("Choose other tags").click();
    await page.getByLabel("These tags").check();
    await page.getByLabel("Tags", { exact: true }).fill("purpose=a look");
    await page.getByRole("button", { name: "Show the plan with these tags" }).click();
    await expect(main).toContainText("The new table gets the tags purpose=a look.");
  });
});
