use jiff::Timestamp;
use rand::{Rng, distr::Alphanumeric};
use tidemark_domain::{
    Account, AccountConnection, AccountId, ExternalId, Features, Invalid, Privilege, Region,
    RoleArn,
};

use crate::{
    Caller, ServiceError, Services, audit::AuditOutcome, authorize, authorize::record, sync::want,
};

/// What a person enters to register an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddAccount {
    /// Account id as typed.
    pub account: String,
    /// Name for people.
    pub alias: String,
    /// ARN of the role to assume; empty takes `role/TidemarkAccess` of the account.
    pub role: String,
    /// Regions as typed, separated by commas or spaces.
    pub regions: String,
    /// Names of what the role is made for, separated by commas or spaces; empty is everything.
    pub features: String,
}

/// Registers an account. The external id is made here, random and never chosen; it is in the answer
/// for those who must put it into the role's trust policy.
pub async fn add(
    services: &Services,
    caller: &Caller,
    form: &AddAccount,
) -> Result<Account, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManageAccounts,
        "account.add",
        &form.account,
    )
    .await?;
    let account = parse(form)?.account(services.clock.now())?;
    services.accounts.add(&account).await?;
    let id = account.connection.account.as_str();
    record(
        services,
        caller,
        "account.add",
        id,
        AuditOutcome::Allowed,
        None,
        None,
    )
    .await?;
    want(services, &super::all_scopes(&account)).await?;
    Ok(account)
}

/// What a person entered, checked.
pub(super) struct Entered {
    pub(super) id: AccountId,
    pub(super) alias: String,
    pub(super) role: RoleArn,
    pub(super) regions: Vec<Region>,
    pub(super) features: Features,
}

impl Entered {
    /// The account, with an external id of its own.
    pub(super) fn account(self, added_at: Timestamp) -> Result<Account, Invalid> {
        Ok(Account {
            connection: AccountConnection {
                account: self.id,
                role: self.role,
                external_id: new_external_id()?,
            },
            alias: self.alias,
            regions: self.regions,
            added_at,
            features: self.features,
            pending: None,
        })
    }
}

pub(super) fn parse(form: &AddAccount) -> Result<Entered, Invalid> {
    let id = AccountId::parse(form.account.trim())?;
    let alias = form.alias.trim();
    if alias.is_empty() || alias.chars().count() > 64 || alias.chars().any(char::is_control) {
        return Err(Invalid::new(
            "alias",
            "must have 1 to 64 printable characters",
        ));
    }
    let role = if form.role.trim().is_empty() {
        RoleArn::parse(format!(
            "arn:aws:iam::{id}:role/{}",
            super::template::ACCESS_ROLE
        ))?
    } else {
        RoleArn::parse(&form.role)?
    };
    if role.account() != id.as_str() {
        return Err(Invalid::new(
            "role ARN",
            "must name a role of the account that is registered",
        ));
    }
    Ok(Entered {
        id,
        alias: alias.to_owned(),
        role,
        regions: parse_regions(&form.regions)?,
        features: Features::parse(&form.features)?,
    })
}

fn parse_regions(text: &str) -> Result<Vec<Region>, Invalid> {
    let mut regions = Vec::new();
    for part in text
        .split([',', ';', ' ', '\n', '\r', '\t'])
        .filter(|p| !p.is_empty())
    {
        let region = Region::parse(part)?;
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    if regions.is_empty() || regions.len() > 40 {
        return Err(Invalid::new(
            "Regions",
            "must name 1 to 40 Regions such as eu-west-1",
        ));
    }
    Ok(regions)
}

pub(super) fn new_external_id() -> Result<ExternalId, Invalid> {
    let random: String = rand::rng()
        .sample_iter(&Alphanumeric)
        .take(32)
        .map(char::from)
        .collect();
    ExternalId::parse(format!("tidemark-{random}"))
}
