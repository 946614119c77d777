use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};
use tidemark_domain::{
    Account, AccountId, Privilege, Scope,
    enrol::{EnrolPlan, Enrolled, EnrolledAccount, PlannedAccount},
};

use super::{add::Entered, all_scopes, enrol_file};
use crate::{
    Caller, ServiceError, Services, audit::AuditOutcome, authorize, authorize::record, sync::want,
};

/// Accounts to register, as a file of comma-separated values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enrol {
    /// The file. Its first line names the columns: `account`, `alias`, `regions`, and where they are wanted
    /// `role` and `features`. Several Regions or features stand in one field, apart by `;` or spaces.
    pub file: String,
    /// The digest of the plan that was shown.
    pub digest: String,
    /// Registers what is right, though something is wrong.
    pub skip_wrong: bool,
}

/// What registering the accounts of a file would do. Nothing is stored.
pub async fn plan_enrolment(
    services: &Services,
    caller: &Caller,
    file: &str,
) -> Result<EnrolPlan, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManageAccounts,
        "account.enrol.plan",
        "",
    )
    .await?;
    plan(services, file).await
}

async fn plan(services: &Services, file: &str) -> Result<EnrolPlan, ServiceError> {
    let (planned, mut wrong) = enrol_file::read(file);
    let registered: BTreeSet<AccountId> = services
        .accounts
        .list()
        .await?
        .into_iter()
        .map(|account| account.connection.account)
        .collect();
    let mut accounts = Vec::new();
    for one in planned {
        if registered.contains(&one.account) {
            let rule = "is registered already".to_owned();
            wrong.push(enrol_file::of_account(one.line, file, rule));
        } else {
            accounts.push(one);
        }
    }
    wrong.sort_by_key(|wrong| (wrong.line, wrong.column));
    let text = serde_json::to_vec(&(&accounts, &wrong))
        .map_err(|error| ServiceError::Internal(Box::new(error)))?;
    Ok(EnrolPlan {
        digest: hex::encode(Sha256::digest(&text)),
        accounts,
        wrong,
    })
}

/// Registers the accounts of a file as they were shown, each with an external id of its own. Nothing is
/// stored while anything is wrong in the file, unless that is asked for, or when the plan would be another
/// one by now.
pub async fn enrol(
    services: &Services,
    caller: &Caller,
    request: &Enrol,
) -> Result<Enrolled, ServiceError> {
    authorize(
        services,
        caller,
        Privilege::ManageAccounts,
        "account.enrol",
        "",
    )
    .await?;
    let EnrolPlan {
        accounts: planned,
        wrong,
        digest,
    } = plan(services, &request.file).await?;
    if digest != request.digest {
        return Err(ServiceError::Conflict(
            "the file or the registered accounts have changed since this was shown: look at it again. Nothing was registered"
                .to_owned(),
        ));
    }
    if !wrong.is_empty() && !request.skip_wrong {
        return Err(ServiceError::Conflict(format!(
            "{} wrong in the file, the first at {}: fix the file, or ask for the rest alone. Nothing was registered",
            match wrong.len() {
                1 => "one thing is".to_owned(),
                many => format!("{many} things are"),
            },
            wrong[0].place()
        )));
    }
    if planned.is_empty() {
        return Err(ServiceError::Conflict(
            "there is no account in the file that could be registered".to_owned(),
        ));
    }
    let now = services.clock.now();
    let accounts = planned
        .iter()
        .cloned()
        .map(|one| entered(one).account(now))
        .collect::<Result<Vec<Account>, _>>()?;
    let added = services.accounts.add_all(&accounts).await?;
    let mut scopes: Vec<Scope> = Vec::new();
    let mut results = Vec::new();
    for ((one, account), added) in planned.iter().zip(&accounts).zip(added) {
        if added {
            scopes.extend(all_scopes(account));
        }
        results.push(EnrolledAccount {
            line: one.line,
            account: one.account.clone(),
            alias: one.alias.clone(),
            added,
            why: if added {
                String::new()
            } else {
                "somebody else has just registered it".to_owned()
            },
        });
    }
    note(services, caller, &results, &digest).await?;
    want(services, &scopes).await?;
    Ok(Enrolled {
        accounts: results,
        wrong,
    })
}

async fn note(
    services: &Services,
    caller: &Caller,
    results: &[EnrolledAccount],
    digest: &str,
) -> Result<(), ServiceError> {
    for one in results.iter().filter(|one| one.added) {
        record(
            services,
            caller,
            "account.add",
            one.account.as_str(),
            AuditOutcome::Allowed,
            Some(digest.to_owned()),
            Some(format!("line {} of a file", one.line)),
        )
        .await?;
    }
    Ok(())
}

fn entered(one: PlannedAccount) -> Entered {
    Entered {
        id: one.account,
        alias: one.alias,
        role: one.role,
        regions: one.regions,
        features: one.features,
    }
}
