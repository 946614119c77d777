/// An account of the demo estate, as the console registers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    /// Twelve digits; also the access key id of its root.
    pub account_id: &'static str,
    /// Name shown beside the id.
    pub name: &'static str,
    /// Role that the console assumes.
    pub role_arn: &'static str,
    /// External id that the console sends. The role of `legacy-erp` trusts another one, so it denies.
    pub external_id: &'static str,
    /// Regions in which it has resources.
    pub regions: &'static [&'static str],
}

/// Name of the role that the console assumes in every account.
pub(super) const ROLE_NAME: &str = "TidemarkAccess";

/// The role as which backups run.
pub(super) const BACKUP_ROLE: &str = "AWSBackupDefaultServiceRole";

pub(super) const IRELAND: &str = "eu-west-1";
pub(super) const FRANKFURT: &str = "eu-central-1";
const BOTH: &[&str] = &[IRELAND, FRANKFURT];

/// The console's own account: its credentials assume the roles of the others.
pub(super) const TOOLING: DemoAccount = DemoAccount {
    account_id: "111111111111",
    name: "tooling",
    role_arn: "arn:aws:iam::111111111111:role/TidemarkAccess",
    external_id: "tidemark-demo-tooling-5c0e9a71",
    regions: BOTH,
};

/// Shop: tables behind a production service.
pub(super) const ORDERS: DemoAccount = DemoAccount {
    account_id: "222222222222",
    name: "orders-prod",
    role_arn: "arn:aws:iam::222222222222:role/TidemarkAccess",
    external_id: "tidemark-demo-orders-2f84d613",
    regions: BOTH,
};

/// Buckets, a file system, databases, nodes with volumes.
pub(super) const MEDIA: DemoAccount = DemoAccount {
    account_id: "333333333333",
    name: "media-prod",
    role_arn: "arn:aws:iam::333333333333:role/TidemarkAccess",
    external_id: "tidemark-demo-media-b91f7c28",
    regions: BOTH,
};

/// Copies only, in a locked vault.
pub(super) const RECOVERY: DemoAccount = DemoAccount {
    account_id: "444444444444",
    name: "disaster-recovery",
    role_arn: "arn:aws:iam::444444444444:role/TidemarkAccess",
    external_id: "tidemark-demo-recovery-e67a0d35",
    regions: BOTH,
};

/// Its role's trust policy wants another external id than the console has.
pub(super) const DENYING: DemoAccount = DemoAccount {
    account_id: "555555555555",
    name: "legacy-erp",
    role_arn: "arn:aws:iam::555555555555:role/TidemarkAccess",
    external_id: "tidemark-demo-legacy-0a3d58fe",
    regions: &[IRELAND],
};

/// The accounts of the demo estate; the first is the console's own.
pub fn demo_accounts() -> &'static [DemoAccount] {
    const ACCOUNTS: &[DemoAccount] = &[TOOLING, ORDERS, MEDIA, RECOVERY, DENYING];
    ACCOUNTS
}

impl DemoAccount {
    /// The role as which this account's backups run.
    pub(super) fn backup_role_arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:role/service-role/{BACKUP_ROLE}",
            self.account_id
        )
    }
}
