use tidemark_domain::{Privilege, Reach, Resource};

use crate::{
    Caller, Services,
    audit::{Admitted, AuditEntry, AuditOutcome, counted_words},
    error::ServiceError,
};

/// How far a caller may go, once the role allows the privilege at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant<'a> {
    caller: &'a Caller,
    all: bool,
}

impl Grant<'_> {
    /// The name that the `owner` tag must carry; none when everything is open.
    pub fn owner(&self) -> Option<&str> {
        (!self.all).then_some(self.caller.name.as_str())
    }

    /// Whether the grant covers the resource.
    pub fn covers(&self, resource: &Resource) -> bool {
        self.all || owner_of(resource).is_some_and(|o| o.eq_ignore_ascii_case(&self.caller.name))
    }

    /// Whether the grant covers something that this person began.
    pub fn covers_creator(&self, creator: &str) -> bool {
        self.all || creator == self.caller.name
    }
}

/// The owner that a resource names by its tag `owner`; see [`Resource::owner`].
pub fn owner_of(resource: &Resource) -> Option<&str> {
    resource.owner()
}

/// The one gate before every use case: deny by default, and every refusal is audited.
pub async fn authorize<'a>(
    services: &Services,
    caller: &'a Caller,
    privilege: Privilege,
    action: &str,
    subject: &str,
) -> Result<Grant<'a>, ServiceError> {
    match caller.role.allows(privilege) {
        Reach::All => Ok(Grant { caller, all: true }),
        Reach::Owned => Ok(Grant { caller, all: false }),
        Reach::None => Err(refuse(
            services,
            caller,
            action,
            subject,
            format!("the role {} does not allow this", caller.role.as_str()),
        )
        .await),
    }
}

/// Records a refusal and words it.
pub(crate) async fn refuse(
    services: &Services,
    caller: &Caller,
    action: &str,
    subject: &str,
    why: String,
) -> ServiceError {
    let now = services.clock.now();
    let Admitted::Entry { counted, last } = services.guard.refusals.admit(&caller.name, now) else {
        return ServiceError::Forbidden(why);
    };
    let result = record(
        services,
        caller,
        action,
        subject,
        AuditOutcome::Denied,
        None,
        Some(format!("{why}{}", counted_words(counted, last))),
    )
    .await;
    match result {
        Ok(()) => ServiceError::Forbidden(why),
        Err(error) => error,
    }
}

/// Appends what a caller did to the audit log.
pub(crate) async fn record(
    services: &Services,
    caller: &Caller,
    action: &str,
    subject: &str,
    outcome: AuditOutcome,
    plan_digest: Option<String>,
    detail: Option<String>,
) -> Result<(), ServiceError> {
    let entry = entry(
        services,
        caller,
        action,
        subject,
        outcome,
        plan_digest,
        detail,
    );
    services.audit.append(&entry).await?;
    Ok(())
}

/// What the audit log says of what a caller did.
pub(crate) fn entry(
    services: &Services,
    caller: &Caller,
    action: &str,
    subject: &str,
    outcome: AuditOutcome,
    plan_digest: Option<String>,
    detail: Option<String>,
) -> AuditEntry {
    AuditEntry {
        at: services.clock.now(),
        actor: caller.name.clone(),
        origin: caller.origin.clone(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        outcome,
        plan_digest,
        detail,
        request_ids: Vec::new(),
    }
}
