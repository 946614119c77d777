use sha2::{Digest as _, Sha256};
use tidemark_domain::{
    Invalid, Privilege,
    buckets::{
        BucketSettings, Known, LifecycleRule, PlannedFix, PublicAccess, SettingsFix, SettingsPlan,
        SettingsRequest, Versioning,
    },
};

use super::{place::reading, policy::settings_policy};
use crate::{Caller, ServiceError, Services, authorize, calls};

/// Exactly what a change of a bucket's settings would do. Nothing is changed.
pub async fn plan(
    services: &Services,
    caller: &Caller,
    request: SettingsRequest,
) -> Result<SettingsPlan, ServiceError> {
    let (plan, _) = make(services, caller, request, "bucket.plan").await?;
    Ok(plan)
}

/// The plan, and the settings that it goes by.
pub(super) async fn make(
    services: &Services,
    caller: &Caller,
    request: SettingsRequest,
    action: &str,
) -> Result<(SettingsPlan, BucketSettings), ServiceError> {
    let subject = request.place.arn();
    authorize(services, caller, Privilege::ManageBuckets, action, &subject).await?;
    let request = request.checked()?;
    let (target, _) = reading(services, &request.place).await?;
    let settings = services
        .buckets
        .settings(&target, &request.place.bucket)
        .await?;
    let changes: Vec<PlannedFix> = request
        .fixes
        .iter()
        .map(|fix| planned(fix, &settings))
        .collect::<Result<_, _>>()?;
    let policy = settings_policy(&request);
    policy.fit()?;
    let checks = calls::check(services, &target, &[&policy]).await;
    let digest = digest(&request, &settings)?;
    let plan = SettingsPlan {
        request,
        changes,
        checks,
        digest,
    };
    Ok((plan, settings))
}

fn planned(fix: &SettingsFix, settings: &BucketSettings) -> Result<PlannedFix, ServiceError> {
    let so =
        |what: &str| ServiceError::Conflict(format!("{what} already; look at the bucket again"));
    let (before, after) = match fix {
        SettingsFix::EnableVersioning => match read("versioning", &settings.versioning)? {
            Versioning::Enabled => return Err(so("versioning is on")),
            Versioning::Suspended => ("Versioning: suspended", "Versioning: on"),
            Versioning::Off => ("Versioning: off", "Versioning: on"),
        },
        SettingsFix::BlockPublicAccess => {
            let found = read("public access", &settings.public_access)?;
            if *found == PublicAccess::BLOCKED {
                return Err(so("all public access is blocked"));
            }
            return Ok(PlannedFix {
                fix: fix.clone(),
                before: format!("Public access not blocked: {}", found.open().join(", ")),
                after: "Public access: all four kinds blocked. What the public could reach, it cannot any more."
                    .to_owned(),
            });
        }
        SettingsFix::StopExpiring { rule } => {
            let rules = read("lifecycle rules", &settings.lifecycle)?;
            let found = rules
                .iter()
                .find(|found| found.id == *rule)
                .ok_or_else(|| ServiceError::NotFound(format!("lifecycle rule {rule}")))?;
            if found.expiration.is_none() {
                return Err(so("the rule expires no objects"));
            }
            return Ok(PlannedFix {
                fix: fix.clone(),
                before: found.words(),
                after: after_of(found),
            });
        }
    };
    Ok(PlannedFix {
        fix: fix.clone(),
        before: before.to_owned(),
        after: after.to_owned(),
    })
}

fn after_of(rule: &LifecycleRule) -> String {
    let narrowed = LifecycleRule {
        expiration: None,
        ..rule.clone()
    };
    if narrowed.does_more_than_expire() || narrowed.noncurrent.is_some() {
        narrowed.words()
    } else {
        "The rule is removed: it does nothing else.".to_owned()
    }
}

fn read<'a, T>(what: &str, found: &'a Known<T>) -> Result<&'a T, ServiceError> {
    match found {
        Known::Is(found) => Ok(found),
        Known::Unknown(why) => Err(Invalid::new(
            what,
            format!("could not be read, so it is not changed either: {why}"),
        )
        .into()),
    }
}

/// Digest over what is asked for and what it would change as it is now. Settings that are not asked for may change.
fn digest(request: &SettingsRequest, settings: &BucketSettings) -> Result<String, ServiceError> {
    let asks = |fix: fn(&SettingsFix) -> bool| request.fixes.iter().any(fix);
    let parts = (
        request,
        asks(|fix| *fix == SettingsFix::EnableVersioning).then_some(&settings.versioning),
        asks(|fix| *fix == SettingsFix::BlockPublicAccess).then_some(&settings.public_access),
        asks(|fix| matches!(fix, SettingsFix::StopExpiring { .. })).then_some(&settings.lifecycle),
    );
    let text = serde_json::to_vec(&parts).map_err(|e| ServiceError::Internal(Box::new(e)))?;
    Ok(hex::encode(Sha256::digest(text)))
}
