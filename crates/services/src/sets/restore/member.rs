use std::collections::{BTreeMap, BTreeSet};

use tidemark_domain::{
    Check, Invalid, PutBack, ResourceDetail, ResourceType, RestoreDestination, RestoreRequest,
    RestoreSource,
    restore::metadata,
    sets::{Member, MemberRestore, MemberWish, SetManifest, SetRestoreRequest},
};

use super::{
    names::suggest,
    source::{self, Found},
};
use crate::{Caller, ServiceError, Services, restore};

const PLAN: &str = "It can be planned";
const EMPTY: &str = "It holds data";
const NEW: &str = "Nothing that exists is changed";

/// What becomes of one member: its wish as understood, and its plan with every check.
pub(super) async fn member(
    services: &Services,
    caller: &Caller,
    set: &SetManifest,
    (member, detail): (&Member, &ResourceDetail),
    wish: MemberWish,
    request: &SetRestoreRequest,
) -> Result<(MemberWish, MemberRestore), ServiceError> {
    let resource = &detail.resource;
    let mut restore = MemberRestore {
        member: member.name.clone(),
        arn: resource.arn.clone(),
        resource_type: resource.resource_type.clone(),
        plan: None,
        checks: Vec::new(),
        notes: Vec::new(),
    };
    if wish.leave_out {
        let wish = MemberWish {
            target: None,
            ..wish
        };
        restore.notes.push(
            "It is left out: nothing is done for it. Restore it yourself to a moment that fits the others."
                .to_owned(),
        );
        return Ok((wish, restore));
    }
    let found = match source::find(services, detail, &wish).await? {
        Ok(found) => found,
        Err(check) => {
            restore.checks.push(check);
            return Ok((wish, restore));
        }
    };
    let mut wish = MemberWish {
        at: found.at,
        ..wish
    };
    restore.checks.extend(empty(&found, request.allow_empty));
    restore.notes = notes(set, &resource.resource_type);
    wish.target = wish.target.filter(|name| !name.trim().is_empty());
    if wish.target.is_none() {
        let (account, region) = (&found.account, &found.region);
        wish.target = suggest(services, resource, account, region, wish.at).await?;
    }
    match plan(services, caller, set, member, detail, &wish, found).await {
        Ok(plan) => {
            let to = plan.destination.as_ref();
            if to.is_none_or(RestoreDestination::is_change) {
                restore.checks.push(Check::fail(
                    NEW,
                    "What exists would be changed, or it cannot be told whether it would.",
                    "Choose another name: a restore of a set makes something new of every member.",
                ));
            }
            restore.plan = Some(plan);
        }
        Err(
            error @ (ServiceError::Invalid(_)
            | ServiceError::NotFound(_)
            | ServiceError::Conflict(_)
            | ServiceError::Cloud(_)),
        ) => {
            restore.checks.push(Check::fail(
                PLAN,
                format!("{error}."),
                "Fix what is named here, choose another combination, or leave the member out.",
            ));
        }
        Err(error) => return Err(error),
    }
    Ok((wish, restore))
}

/// The plan of a restore by itself.
async fn plan(
    services: &Services,
    caller: &Caller,
    set: &SetManifest,
    member: &Member,
    detail: &ResourceDetail,
    wish: &MemberWish,
    found: Found,
) -> Result<tidemark_domain::RestorePlan, ServiceError> {
    let resource = &detail.resource;
    let is_table = resource.resource_type == ResourceType::DynamoDb;
    let name = wish.target.as_deref().map(str::trim);
    let by_job = matches!(found.from, RestoreSource::RecoveryPoint { .. });
    let rules = metadata::rules(&resource.resource_type);
    if name.is_some() && rules.is_none_or(|rules| rules.name_rule().is_none()) {
        let rule = "must be left out: AWS gives what is made an id";
        return Err(Invalid::new("target", rule).into());
    }
    let mut metadata = BTreeMap::new();
    if by_job && !is_table {
        let prefill = restore::prefill(services, caller, &resource.arn, &found.from).await?;
        metadata = metadata::fresh(&resource.resource_type, prefill.metadata, name);
        if found.second {
            metadata.retain(|key, _| {
                !["restoretime", "uselatestrestorabletime"].contains(&key.to_lowercase().as_str())
            });
            metadata.insert("RestoreTime".to_owned(), wish.at.to_string());
        }
    }
    let request = RestoreRequest {
        resource: resource.arn.clone(),
        source: found.from,
        target_table: name.filter(|_| is_table).map(str::to_owned),
        metadata,
        // One of another account cannot be used where a copy lies.
        service_role: member
            .service_role(set)
            .filter(|_| by_job && found.account == resource.account)
            .map(str::to_owned),
        put_back: if is_table {
            PutBack::ALL.into_iter().collect()
        } else {
            BTreeSet::new()
        },
        tags: None,
        confirmation: None,
        reason: String::new(),
    };
    restore::plan(services, caller, request).await
}

/// A point without any data: what is restored of it would look as if everything had been lost.
fn empty(found: &Found, allowed: bool) -> Option<Check> {
    match found.bytes? {
        0 if allowed => Some(Check::warn(
            EMPTY,
            "The recovery point has 0 bytes. It is restored all the same, as was asked.",
            "",
        )),
        0 => Some(Check::fail(
            EMPTY,
            "The recovery point has 0 bytes: what is made of it would be empty.",
            "Choose another combination, or say that members without data are taken as they are.",
        )),
        _ => None,
    }
}

fn notes(set: &SetManifest, kind: &ResourceType) -> Vec<String> {
    if *kind != ResourceType::Efs {
        return Vec::new();
    }
    let mut notes = vec![
        "Its files come back in a directory aws-backup-restore_<time> of the new file system: move them to where the \
         application looks for them."
            .to_owned(),
    ];
    let exclude = set.exclude.iter();
    let names: Vec<String> = exclude
        .flat_map(|exclude| exclude.names.iter().chain(&exclude.directories))
        .cloned()
        .collect();
    if !names.is_empty() {
        notes.push(format!(
            "Temporary files come back with the others; remove them: {}.",
            names.join(", ")
        ));
    }
    notes
}
