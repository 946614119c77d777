use tidemark_domain::{Account, Region, Scope, ScopeCause, ScopeError};

use super::{bounded::bound, captured::keep_captured, scope_error};
use crate::{
    ServiceError, Services, accounts,
    plans::taken_count,
    ports::{CloudErrorKind, ScopeSnapshot},
};

/// Reads one scope into the catalogue. A failure is recorded as the scope's state; it is not an
/// error of the sync itself, which only the store can cause.
pub async fn sync_scope(
    services: &Services,
    account: &Account,
    region: &Region,
) -> Result<(), ServiceError> {
    let scope = Scope {
        account: account.connection.account.clone(),
        region: region.clone(),
    };
    let started = services.clock.now();
    services.catalogue.begin_sync(&scope, started).await?;
    let account = &accounts::settle(services, account, region).await?;
    let target = accounts::reading(account, region);
    match services.cloud.read_scope(&target).await {
        Ok(mut snapshot) => {
            snapshot.read_until = Some(services.clock.now());
            bound(&mut snapshot);
            count_taken(&mut snapshot);
            keep_captured(services, &scope, &mut snapshot).await?;
            services
                .catalogue
                .apply_sync(&scope, &snapshot, started)
                .await?;
            if let Some(partial) = snapshot.partial.first() {
                let error = ScopeError {
                    message: format!(
                        "{} could not be read: {}",
                        partial.part, partial.error.message
                    ),
                    ..partial.error.clone()
                };
                tracing::warn!(account = %scope.account, region = %scope.region, part = partial.part, error = error.message, "part of a scope could not be read");
                services
                    .catalogue
                    .fail_sync(&scope, &error, services.clock.now())
                    .await?;
            }
        }
        Err(error) => {
            // Only a refusal needs the diagnosis; a dead endpoint would make it wait once more.
            let probe = if error.kind == CloudErrorKind::Denied {
                Some(services.cloud.probe(&target).await)
            } else {
                None
            };
            let error = scope_error(&error, probe.as_ref());
            tracing::warn!(account = %scope.account, region = %scope.region, cause = ?error.cause, error = error.message, "a scope could not be read");
            services
                .catalogue
                .fail_sync(&scope, &error, services.clock.now())
                .await?;
        }
    }
    Ok(())
}

/// Counts what each plan takes of the resources that were read, so that lists need not. What could be
/// read only in part counts for nothing.
fn count_taken(snapshot: &mut ScopeSnapshot) {
    let types_missing = snapshot.partial.iter().any(|part| {
        !matches!(part.part.as_str(), "jobs" | "vaults" | "plans")
            && !part.part.starts_with("points:")
    });
    if types_missing {
        return;
    }
    let settings = snapshot.settings.clone().unwrap_or_default();
    for plan in &mut snapshot.plans {
        plan.taken = Some(taken_count(plan, &snapshot.resources, &settings));
    }
}

/// What is said of a scope when something was cut off by the console's own deadline.
pub(crate) fn too_slow(what: &str, seconds: u64) -> ScopeError {
    ScopeError {
        cause: ScopeCause::Slow,
        message: format!("{what} took longer than {seconds} s"),
        fix:
            "The last good data stays. Check the network path to this Region and AWS's health page."
                .to_owned(),
        code: None,
        request_id: None,
    }
}
