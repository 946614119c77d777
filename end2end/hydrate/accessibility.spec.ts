import type { Page } from "@playwright/test";

import { expectAccessible } from "../fixtures/a11y.ts";
import { ORDERS, TABLE } from "../fixtures/estate.ts";
import { hydrated } from "../fixtures/hydration.ts";
import { signIn } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

/** Opens the page that the first link of this name on a page leads to. */
async function follow(page: Page, from: string, name: string | RegExp): Promise<void> {
  await page.goto(from);
  await page.getByRole("main").getByRole("link", { name }).first().click();
}

/** A bucket of the demo that block storage backs up to. */
const BLOCKS = "account=333333333333&region=eu-west-1&bucket=backups-blockstore-333333333333";

const ROUTES: Record<string, (page: Page) => Promise<unknown>> = {
  overview: (page) => page.goto("/"),
  password: (page) => page.goto("/password"),
  accounts: (page) => page.goto("/accounts"),
  "new account": (page) => page.goto("/accounts/new"),
  "many accounts": (page) => page.goto("/accounts/enrol"),
  permissions: (page) => page.goto("/accounts/permissions"),
  account: (page) => follow(page, "/accounts", /orders-prod/),
  resources: (page) => page.goto("/resources"),
  resource: (page) => follow(page, `/resources?text=${TABLE}&kind=DynamoDB`, TABLE),
  timeline: (page) => page.goto("/timeline?range=35d"),
  backup: async (page) => {
    await follow(page, `/resources?text=${TABLE}&kind=DynamoDB`, TABLE);
    await page.getByRole("link", { name: "Back up now" }).click();
  },
  "restore: what": (page) => page.goto("/restore"),
  "restore: when": async (page) => {
    await follow(page, `/resources?text=${TABLE}&kind=DynamoDB`, TABLE);
    await page.getByRole("link", { name: "Restore", exact: true }).first().click();
  },
  plans: (page) => page.goto("/plans"),
  plan: (page) => follow(page, "/plans?text=orders-daily", "orders-daily"),
  "new plan": (page) => page.goto("/plans/edit"),
  "plan editor": async (page) => {
    await follow(page, "/plans?text=orders-daily", "orders-daily");
    await page.getByRole("link", { name: "Change" }).click();
  },
  "plan's future": async (page) => {
    await follow(page, "/plans?text=orders-daily", "orders-daily");
    await page.getByRole("link", { name: "Forecast" }).click();
  },
  "plan deletion": async (page) => {
    await follow(page, "/plans?text=orders-daily", "orders-daily");
    await page.getByRole("link", { name: "Delete" }).click();
  },
  "plan rollout": async (page) => {
    await follow(page, "/plans?text=orders-daily", "orders-daily");
    await page.getByRole("link", { name: "Roll out" }).click();
  },
  "plan export": async (page) => {
    await follow(page, "/plans?text=orders-daily", "orders-daily");
    await page.getByRole("link", { name: "Export" }).click();
  },
  "plan import": (page) => page.goto("/plans/import"),
  sets: (page) => page.goto("/sets"),
  "new set": (page) => page.goto("/sets/new?template=mediation"),
  "set restore": async (page) => {
    await page.goto("/sets/new");
    await hydrated(page);
    await page.getByLabel("Manifest").fill(`version: 1
name: accessible-${Date.now()}
account: "${ORDERS.id}"
region: ${ORDERS.region}
members:
  - {name: orders, table: ${TABLE}}
`);
    await page.getByRole("button", { name: "Check and save" }).click();
    await page.getByRole("link", { name: "Restore the set to this" }).first().click();
    await expect(page.getByRole("heading", { level: 1, name: /^Restore accessible/ })).toBeVisible();
  },
  coverage: (page) => page.goto("/coverage"),
  controls: (page) => page.goto("/coverage/controls"),
  cost: (page) => page.goto("/cost"),
  records: (page) => page.goto("/records"),
  "record set-up": (page) =>
    page.goto("/records/setup?table=arn%3Aaws%3Adynamodb%3Aeu-west-1%3A222222222222%3Atable%2Fcarts"),
  jobs: (page) => page.goto("/jobs"),
  vaults: (page) => page.goto("/vaults"),
  vault: (page) => follow(page, "/vaults?text=orders-main", "orders-main"),
  "new vault": (page) => page.goto("/vaults/change?do=create"),
  "vault: policy": (page) =>
    page.goto("/vaults/change?do=policy&account=222222222222&region=eu-west-1&vault=orders-main&edit=deny_deletion&chosen=1"),
  "vault: lock": (page) =>
    page.goto("/vaults/change?do=lock&account=222222222222&region=eu-west-1&vault=orders-main&mode=governance&min=30&chosen=1"),
  holds: (page) => page.goto("/holds"),
  "new hold": (page) =>
    page.goto("/holds/change?do=create&account=222222222222&region=eu-west-1&title=Case&description=Kept&chosen=1"),
  buckets: (page) => page.goto("/buckets"),
  bucket: (page) => page.goto(`/buckets/one?${BLOCKS}`),
  "bucket: browse": (page) => page.goto(`/buckets/browse?${BLOCKS}`),
  "bucket: blocks": (page) => page.goto(`/buckets/blocks?${BLOCKS}`),
  "bucket: fix": (page) => page.goto(`/buckets/fix?${BLOCKS}&fix=versioning`),
  "bucket: copy": (page) => page.goto(`/buckets/copy?${BLOCKS}`),
  points: (page) => page.goto("/points"),
  "expired point": (page) => follow(page, "/points?status=EXPIRED", /ago/),
  "bucket access": (page) => page.goto("/buckets/access"),
  "bucket access: one": (page) =>
    page.goto("/buckets/access?account=444444444444&region=eu-central-1&bucket=volume-archive-444444444444"),
  "points: delete": (page) => page.goto("/points/change?do=delete&vault=orders-main"),
  "points: copy": (page) =>
    page.goto(
      "/points/copy?vault=orders-main&to=arn:aws:backup:eu-central-1:444444444444:backup-vault:dr-unshared",
    ),
  "points: lifecycle": (page) =>
    page.goto("/points/change?do=lifecycle&vault=orders-main&chosen=1&delete_days=400"),
  runs: (page) => page.goto("/runs"),
  audit: (page) => page.goto("/audit"),
  users: (page) => page.goto("/users"),
  user: (page) => follow(page, "/users", "operator"),
  styleguide: (page) => page.goto("/styleguide"),
};

test("the sign-in page has no accessibility problem in either theme", async ({ page }) => {
  await page.goto("/sign-in");
  await hydrated(page);
  await expectAccessible(page);
});

for (const [name, open] of Object.entries(ROUTES)) {
  test(`the page "${name}" has no accessibility problem in either theme`, async ({ page }) => {
    await signIn(page, "admin");
    await open(page);
    // The stories are rendered by debug builds of the server alone; the browser's code leaves them out.
    if (name !== "styleguide") await hydrated(page);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page);
  });
}

test("pages fit a screen 320 pixels wide", async ({ page }) => {
  await signIn(page, "admin");
  await page.setViewportSize({ width: 320, height: 640 });
  for (const open of Object.values(ROUTES)) {
    await open(page);
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(over, `pixels beyond the screen on ${page.url()}`).toBeLessThanOrEqual(0);
  }
});
