use std::collections::{BTreeMap, HashSet};

use futures::future::try_join_all;
use serde_json::json;
use sha2::{Digest, Sha256};
use tidemark_domain::{
    Check, Invalid, Privilege, Reach, ResourceDetail, ResourceType,
    sets::{
        AfterRestore, Member, MemberRestore, MemberWish, SetManifest, SetRestorePlan,
        SetRestoreRequest,
    },
};

use super::{member::member, rules};
use crate::{
    Caller, ServiceError, Services, authorize,
    authorize::refuse,
    sets::{check::manifest, get::find},
};

/// How many members are looked at at the same time.
const AT_ONCE: usize = 8;
/// DynamoDB's limit of restores at one time per account (developer guide, "Quotas").
const RESTORES: usize = 50;

/// A set whose members the caller may restore.
pub(super) struct Opened {
    pub(super) manifest: SetManifest,
    pub(super) version: u32,
    /// What the members stand for, in their order.
    pub(super) details: Vec<ResourceDetail>,
}

/// The newest version of a set, if the caller may restore every member of it.
pub(super) async fn open(
    services: &Services,
    caller: &Caller,
    name: &str,
    action: &str,
) -> Result<Opened, ServiceError> {
    let grant = authorize(services, caller, Privilege::Restore, action, name).await?;
    let stored = find(services, name.trim(), None).await?;
    let manifest = manifest(services, &stored.manifest)?;
    let mut details = Vec::with_capacity(manifest.members.len());
    let mut missing = None;
    let mut theirs = 0;
    for member in &manifest.members {
        let arn = member.arn(&manifest)?;
        match services.catalogue.resource(&arn).await? {
            Some(detail) => {
                theirs += usize::from(grant.covers(&detail.resource));
                details.push(detail);
            }
            None => missing = missing.or(Some((member.name.clone(), arn))),
        }
    }
    if caller.role.allows(Privilege::Restore) != Reach::All && theirs < manifest.members.len() {
        // Of a set without anything of theirs they are not to know.
        if theirs == 0 {
            return Err(ServiceError::NotFound(format!("the set {name}")));
        }
        let why = format!(
            "the role {} restores a set only when all of its members are theirs",
            caller.role.as_str()
        );
        return Err(refuse(services, caller, action, name, why).await);
    }
    if let Some((member, arn)) = missing {
        let rule =
            format!("{arn} is not in the inventory: register its account, or sync its Region");
        return Err(Invalid::new(format!("member {member}"), rule).into());
    }
    Ok(Opened {
        manifest,
        version: stored.version,
        details,
    })
}

/// Exactly what a restore of a set would do, with every check of every member that can be made before. Nothing is changed.
pub async fn plan_restore(
    services: &Services,
    caller: &Caller,
    request: SetRestoreRequest,
) -> Result<SetRestorePlan, ServiceError> {
    let opened = open(services, caller, &request.name, "set.restore.plan").await?;
    made(services, caller, &opened, request).await
}

pub(super) async fn made(
    services: &Services,
    caller: &Caller,
    opened: &Opened,
    mut request: SetRestoreRequest,
) -> Result<SetRestorePlan, ServiceError> {
    let set = &opened.manifest;
    request.name.clone_from(&set.name);
    let wishes = in_order(set, std::mem::take(&mut request.members))?;
    let mut members: Vec<MemberRestore> = Vec::with_capacity(wishes.len());
    let all: Vec<(&Member, &ResourceDetail, MemberWish)> = set
        .members
        .iter()
        .zip(&opened.details)
        .zip(wishes)
        .map(|((member, detail), wish)| (member, detail, wish))
        .collect();
    for some in all.chunks(AT_ONCE) {
        let some = some.iter().map(|(one, detail, wish)| {
            member(
                services,
                caller,
                set,
                (*one, *detail),
                wish.clone(),
                &request,
            )
        });
        for (wish, restore) in try_join_all(some).await? {
            request.members.push(wish);
            members.push(restore);
        }
    }
    let after = set.restore.clone().unwrap_or_default();
    let mut plan = SetRestorePlan {
        version: opened.version,
        checks: checks(set, &after, &request, &members),
        afterwards: afterwards(set, &after, &request),
        can_switch: after.switch.is_some(),
        members,
        request,
        digest: String::new(),
    };
    plan.digest = digest_of(set, &plan)?;
    Ok(plan)
}

/// One wish for each member of the manifest, in its order.
fn in_order(set: &SetManifest, wishes: Vec<MemberWish>) -> Result<Vec<MemberWish>, Invalid> {
    let mut by_name: BTreeMap<String, MemberWish> = BTreeMap::new();
    for wish in wishes {
        let known = set.members.iter().any(|member| member.name == wish.member);
        let rule = if known {
            "is there twice"
        } else {
            "is no member of the set"
        };
        if let Some(wish) = by_name.insert(wish.member.clone(), wish.clone()) {
            return Err(Invalid::new("members", format!("{} {rule}", wish.member)));
        }
        if !known {
            return Err(Invalid::new("members", format!("{} {rule}", wish.member)));
        }
    }
    set.members
        .iter()
        .map(|member| {
            by_name.remove(&member.name).ok_or_else(|| {
                let rule = format!(
                    "must name {} too, or leave it out by leave_out",
                    member.name
                );
                Invalid::new("members", rule)
            })
        })
        .collect()
}

fn checks(
    set: &SetManifest,
    after: &AfterRestore,
    request: &SetRestoreRequest,
    members: &[MemberRestore],
) -> Vec<Check> {
    let mut checks = vec![rules::check(set, request)];
    let plans = || members.iter().filter_map(|member| member.plan.as_ref());
    if plans().next().is_none() {
        let name = "There is something to restore";
        let detail = "No member can be restored, or all are left out.";
        checks.push(Check::fail(name, detail, "See what fails below."));
    }
    let mut names = HashSet::new();
    let destinations = plans().filter_map(|plan| plan.destination.as_ref());
    let twice: Vec<String> = destinations
        .filter_map(|to| Some((to.key()?, to.name.clone()?)))
        .filter(|(key, _)| !names.insert(key.clone()))
        .map(|(_, name)| name)
        .collect();
    if !twice.is_empty() {
        let detail = format!("Two members would both become {}.", twice.join(", "));
        checks.push(Check::fail(
            "The names differ",
            detail,
            "Give each of them a name of its own.",
        ));
    }
    let mut tables: BTreeMap<&str, usize> = BTreeMap::new();
    for plan in plans().filter(|plan| plan.resource_type == ResourceType::DynamoDb) {
        *tables.entry(plan.account.as_str()).or_default() += 1;
    }
    for (account, count) in tables.into_iter().filter(|(_, count)| *count > RESTORES) {
        checks.push(Check::warn(
            "The quota has room",
            format!("{count} tables of account {account} come back, and DynamoDB restores {RESTORES} at one time."),
            "The run waits where DynamoDB refuses one for that.",
        ));
    }
    if request.switch {
        checks.push(switch(after, request));
    }
    checks
}

fn switch(after: &AfterRestore, request: &SetRestoreRequest) -> Check {
    const NAME: &str = "The application can be switched over";
    if after.switch.is_none() {
        return Check::fail(
            NAME,
            "The manifest has no hook for it.",
            "Add restore.switch to the manifest, or restore without switching.",
        );
    }
    let left: Vec<&str> = request
        .members
        .iter()
        .filter(|wish| wish.leave_out)
        .map(|wish| wish.member.as_str())
        .collect();
    if !left.is_empty() {
        return Check::fail(
            NAME,
            format!("{} would be missing then.", left.join(", ")),
            "Restore every member, or restore without switching.",
        );
    }
    Check::pass(
        NAME,
        "It is switched over once every member was restored and verified, and never before.",
    )
}

/// What happens once every member was restored.
fn afterwards(set: &SetManifest, after: &AfterRestore, request: &SetRestoreRequest) -> Vec<String> {
    let mut sentences = Vec::new();
    match after.verify.len() {
        0 => sentences.push(
            "Nothing verifies what was restored: the manifest names no hook for it.".to_owned(),
        ),
        1 => sentences.push(
            "The application is asked whether what was restored is as it should be.".to_owned(),
        ),
        count => sentences.push(format!(
            "The application is asked {count} times whether what was restored is as it should be."
        )),
    }
    if !request.switch {
        sentences
            .push("The application goes on with what it has: it is not switched over.".to_owned());
        return sentences;
    }
    if let Some(pause) = &set.pause {
        sentences.push(format!(
            "Writes are paused, for at most {} minutes, and resumed whatever happens.",
            pause.at_most_minutes
        ));
    }
    sentences.push(
        "The application is switched over to what was restored. What it held before stays as it is."
            .to_owned(),
    );
    sentences
}

/// Digest over everything that a plan will do; checks may change by the minute without changing what is done.
fn digest_of(set: &SetManifest, plan: &SetRestorePlan) -> Result<String, ServiceError> {
    let members: Vec<_> = plan
        .members
        .iter()
        .map(|member| {
            (
                &member.member,
                member.plan.as_ref().map(|plan| &plan.digest),
            )
        })
        .collect();
    let whole = json!([
        set.name,
        plan.version,
        members,
        plan.request.switch,
        plan.request.allow_empty,
    ]);
    // Hooks are of the version, and the version is part of it.
    let text = serde_json::to_vec(&whole).map_err(|e| ServiceError::Internal(Box::new(e)))?;
    Ok(hex::encode(Sha256::digest(text)))
}
