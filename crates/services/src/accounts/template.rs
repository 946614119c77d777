use std::str::FromStr;

use tidemark_domain::{Account, AccountId, Features, Invalid, Privilege};

use super::{get::find, templates};
use crate::{Caller, ServiceError, Services, audit::AuditOutcome, authorize, authorize::record};

/// Stands for the console's own account while nobody can tell which that is. It belongs to whoever AWS
/// gives it, so nothing may trust it.
pub const UNKNOWN_ACCOUNT: &str = "000000000000";

/// The role that the console assumes, where none is named.
pub(super) const ACCESS_ROLE: &str = "TidemarkAccess";

/// The role by which the console finds out why it may not assume the access role. It can read
/// that one role and nothing else.
pub const DIAGNOSE_ROLE: &str = "TidemarkDiagnose";

/// `CloudFormation` takes so many attributes in one mapping.
const MOST: usize = 200;

/// What a template is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `CloudFormation`, for a stack or a `StackSet`.
    #[default]
    CloudFormation,
    /// Terraform's HCL.
    Terraform,
    /// The roles' documents by themselves.
    Json,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::CloudFormation, Self::Terraform, Self::Json];

    /// The name on the command line and in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CloudFormation => "cloudformation",
            Self::Terraform => "terraform",
            Self::Json => "json",
        }
    }
}

impl FromStr for Format {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.trim() {
            "" => Ok(Self::default()),
            text => Self::ALL
                .into_iter()
                .find(|format| format.as_str() == text)
                .ok_or_else(|| {
                    let all = Self::ALL.map(Self::as_str).join(", ");
                    Invalid::new("format", format!("must be one of {all}"))
                }),
        }
    }
}

/// Which template is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateRequest {
    /// For these accounts; none named is every registered one.
    pub accounts: Vec<AccountId>,
    /// In this language.
    pub format: Format,
    /// With roles made for this, whatever the accounts are registered with.
    pub features: Option<Features>,
}

impl TemplateRequest {
    /// The `CloudFormation` template of one account.
    pub fn one(account: &AccountId) -> Self {
        Self {
            accounts: vec![account.clone()],
            ..Self::default()
        }
    }
}

/// Refuses to name the console's account where nobody knows it.
pub fn check_console_account(console_account: &AccountId) -> Result<(), ServiceError> {
    if console_account.as_str() == UNKNOWN_ACCOUNT {
        return Err(ServiceError::Conflict(
            "the console does not know its own AWS account, which the roles of a template must trust: give it working AWS credentials and start it again"
                .to_owned(),
        ));
    }
    Ok(())
}

/// The template that makes both roles, external ids included: one for all the accounts that are named.
pub async fn template(
    services: &Services,
    caller: &Caller,
    request: &TemplateRequest,
    console_account: &AccountId,
) -> Result<String, ServiceError> {
    let subject = match &request.accounts[..] {
        [] => "every account".to_owned(),
        [one] => one.to_string(),
        many => format!("{} accounts", many.len()),
    };
    authorize(
        services,
        caller,
        Privilege::ManageAccounts,
        "account.template",
        &subject,
    )
    .await?;
    let accounts = picked(services, &request.accounts).await?;
    let features = alike(&accounts, request.features.as_ref())?;
    check_console_account(console_account)?;
    record(
        services,
        caller,
        "account.template",
        &subject,
        AuditOutcome::Allowed,
        None,
        None,
    )
    .await?;
    templates::write(request.format, &accounts, &features, console_account)
        .map_err(|e| ServiceError::Internal(Box::new(e)))
}

async fn picked(services: &Services, ids: &[AccountId]) -> Result<Vec<Account>, ServiceError> {
    let accounts = if ids.is_empty() {
        services.accounts.list().await?
    } else {
        let mut accounts = Vec::new();
        for id in ids {
            accounts.push(find(services, id).await?);
        }
        accounts
    };
    if accounts.is_empty() {
        return Err(ServiceError::Conflict(
            "no account is registered yet: register those that the template is for first"
                .to_owned(),
        ));
    }
    if accounts.len() > MOST {
        return Err(Invalid::new(
            "accounts",
            format!(
                "must be at most {MOST} in one template, and are {}: ask for several templates",
                accounts.len()
            ),
        )
        .into());
    }
    Ok(accounts)
}

/// What one template can say of all: one name of the role, and one set of features.
fn alike(accounts: &[Account], features: Option<&Features>) -> Result<Features, ServiceError> {
    let first = &accounts[0];
    for other in &accounts[1..] {
        if role_path(other) != role_path(first) {
            return Err(ServiceError::Conflict(format!(
                "the console assumes roles of different names in {} ({}) and {} ({}): ask for a template for each",
                first.alias, first.connection.role, other.alias, other.connection.role
            )));
        }
        if features.is_none() && other.features != first.features {
            return Err(ServiceError::Conflict(format!(
                "the role in {} is for {}, that in {} for {}: ask for a template for each, or say what all roles are for",
                first.alias,
                first.features.words(),
                other.alias,
                other.features.words()
            )));
        }
    }
    Ok(features.unwrap_or(&first.features).clone())
}

/// The role's path and name: `/` or `/service/`, and `TidemarkAccess`.
pub(super) fn role_path(account: &Account) -> (&str, &str) {
    let role = &account.connection.role;
    let from = role
        .as_str()
        .find(":role")
        .map_or(0, |at| at + ":role".len());
    let whole = &role.as_str()[from..];
    let name = role.name();
    (&whole[..whole.len() - name.len()], name)
}
