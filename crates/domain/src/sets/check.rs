//! What a manifest must keep beyond its form.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;

use super::{
    Hook, HookFill, HookReach, ManifestFault, Member, SetManifest, Window, WindowKind, fill, order,
};
use crate::{RoleArn, VaultName, plan::Lifecycle};

const MOST_MEMBERS: usize = 200;
const MOST_WINDOWS: usize = 100;
const MOST_RULES: usize = 200;

struct Faults(Vec<ManifestFault>);

impl Faults {
    fn say(&mut self, path: impl Into<String>, rule: impl Into<String>) {
        self.0.push(ManifestFault::new(None, path, rule));
    }
}

/// All that is wrong; lines are for the caller to find.
pub(super) fn check(set: &SetManifest, reach: &HookReach) -> Vec<ManifestFault> {
    let mut faults = Faults(Vec::new());
    if set.version != 1 {
        faults.say(
            "version",
            "must be 1, the only version of manifests that this console knows",
        );
    }
    check_name(&mut faults, "name", &set.name);
    if set.description.chars().count() > 500 {
        faults.say("description", "must have at most 500 characters");
    }
    check_vault(&mut faults, "vault", set.vault.as_deref());
    check_role(&mut faults, "service_role", set.service_role.as_deref());
    if let Some(retention) = set.retention {
        check_retention(&mut faults, "retention", retention);
    }
    members(&mut faults, set);
    pause(&mut faults, set, reach);
    after_restore(&mut faults, set, reach);
    windows(&mut faults, set);
    exclusions(&mut faults, set);
    if set.order.len() > MOST_RULES {
        faults.say("order", format!("must have at most {MOST_RULES} rules"));
    } else if faults.0.is_empty() {
        let names: Vec<&str> = set.members.iter().map(|m| m.name.as_str()).collect();
        faults.0.extend(order(&names, &set.order).err());
    }
    faults.0
}

fn check_name(faults: &mut Faults, path: &str, name: &str) {
    let well = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if !(1..=64).contains(&name.len()) || !well {
        faults.say(path, "must have 1 to 64 letters, digits, - or _");
    }
}

fn check_vault(faults: &mut Faults, path: &str, vault: Option<&str>) {
    if let Some(Err(invalid)) = vault.map(VaultName::parse) {
        faults.say(path, invalid.rule);
    }
}

fn check_role(faults: &mut Faults, path: &str, role: Option<&str>) {
    if let Some(Err(invalid)) = role.map(RoleArn::parse) {
        faults.say(path, invalid.rule);
    }
}

fn check_retention(faults: &mut Faults, path: &str, retention: super::Retention) {
    let lifecycle = Lifecycle {
        move_to_cold_storage_after_days: retention.cold_after_days,
        delete_after_days: retention.delete_after_days,
        ..Lifecycle::default()
    };
    if let Err(invalid) = lifecycle.check() {
        let field = match invalid.field.as_str() {
            "MoveToColdStorageAfterDays" => "cold_after_days",
            _ => "delete_after_days",
        };
        let rule = invalid
            .rule
            .replace("MoveToColdStorageAfterDays", "cold_after_days")
            .replace("DeleteAfterDays", "delete_after_days");
        faults.say(format!("{path}.{field}"), rule);
    }
}

fn members(faults: &mut Faults, set: &SetManifest) {
    if !(1..=MOST_MEMBERS).contains(&set.members.len()) {
        faults.say("members", format!("must be 1 to {MOST_MEMBERS}"));
        return;
    }
    let mut names = HashMap::new();
    let mut arns = HashMap::new();
    for (at, member) in set.members.iter().enumerate() {
        let path = format!("members[{at}]");
        check_name(faults, &format!("{path}.name"), &member.name);
        if names.insert(member.name.as_str(), at).is_some() {
            faults.say(
                format!("{path}.name"),
                format!("{} is the name of an earlier member too", member.name),
            );
        }
        check_vault(faults, &format!("{path}.vault"), member.vault.as_deref());
        check_role(
            faults,
            &format!("{path}.service_role"),
            member.service_role.as_deref(),
        );
        if let Some(retention) = member.retention {
            check_retention(faults, &format!("{path}.retention"), retention);
        }
        match member.arn(set) {
            Ok(arn) => one_way(faults, &path, member, &arn, &mut arns),
            Err(invalid) if invalid.field.is_empty() => {
                let ways: Vec<_> = member.ways().iter().map(|(way, _)| *way).collect();
                let found = if ways.is_empty() {
                    "none is there".to_owned()
                } else {
                    format!("there are {}", ways.join(" and "))
                };
                faults.say(path, format!("{}: {found}", invalid.rule));
            }
            Err(invalid) => faults.say(format!("{path}.{}", invalid.field), invalid.rule),
        }
    }
}

fn one_way<'a>(
    faults: &mut Faults,
    path: &str,
    member: &'a Member,
    arn: &crate::Arn,
    arns: &mut HashMap<String, &'a str>,
) {
    if let Some(earlier) = arns.insert(arn.to_string(), &member.name) {
        faults.say(
            path,
            format!("{arn} is the earlier member {earlier} already"),
        );
    }
    for (field, given, theirs) in [
        (
            "account",
            member.account.as_ref().map(crate::AccountId::as_str),
            arn.account(),
        ),
        (
            "region",
            member.region.as_ref().map(crate::Region::as_str),
            arn.region(),
        ),
    ] {
        if given.is_some_and(|given| !theirs.is_empty() && given != theirs) {
            faults.say(
                format!("{path}.{field}"),
                format!("is not that of the ARN, {theirs}"),
            );
        }
    }
    if arn.region().is_empty() && member.region.is_none() && arn.service() != "s3" {
        faults.say(path, "the ARN names no Region; give region");
    }
}

fn pause(faults: &mut Faults, set: &SetManifest, reach: &HookReach) {
    let Some(pause) = &set.pause else { return };
    if !(1..=1440).contains(&pause.at_most_minutes) {
        faults.say("pause.at_most_minutes", "must be 1 to 1440");
    }
    hook(faults, "pause.pause", &pause.pause, reach);
    hook(faults, "pause.resume", &pause.resume, reach);
    if let Some(paused) = &pause.paused {
        hook(faults, "pause.paused", paused, reach);
        if paused.poll.is_none() {
            faults.say(
                "pause.paused",
                "must have poll: what in the answer says that writes are paused",
            );
        }
    }
}

/// The most requests that look at what was restored.
const MOST_VERIFY: usize = 20;

fn after_restore(faults: &mut Faults, set: &SetManifest, reach: &HookReach) {
    let Some(after) = &set.restore else { return };
    let names = set.members.iter().map(|member| member.name.as_str());
    let restored: BTreeMap<String, String> = names
        .flat_map(|name| [name.to_owned(), format!("{name}.arn")])
        .map(|name| (name, String::new()))
        .collect();
    if after.verify.len() > MOST_VERIFY {
        faults.say("restore.verify", format!("must be at most {MOST_VERIFY}"));
        return;
    }
    for (at, verify) in after.verify.iter().enumerate() {
        let path = format!("restore.verify[{at}]");
        hook_that(faults, &path, verify, reach, restored.clone());
    }
    if let Some(switch) = &after.switch {
        hook_that(faults, "restore.switch", switch, reach, restored);
    }
}

fn hook(faults: &mut Faults, path: &str, hook: &Hook, reach: &HookReach) {
    hook_that(faults, path, hook, reach, BTreeMap::new());
}

/// A hook that may speak of what was restored.
fn hook_that(
    faults: &mut Faults,
    path: &str,
    hook: &Hook,
    reach: &HookReach,
    restored: BTreeMap<String, String>,
) {
    if let Err(rule) = reach.check(&hook.url) {
        faults.say(format!("{path}.url"), rule);
    }
    let blank = HookFill {
        set: String::new(),
        run: String::new(),
        step: String::new(),
        token: String::new(),
        restored,
    };
    if let Some(body) = &hook.body {
        if body.len() > 16 * 1024 {
            faults.say(format!("{path}.body"), "must have at most 16384 bytes");
        } else if let Err(rule) = fill(body, &blank) {
            faults.say(format!("{path}.body"), rule);
        }
    }
    if hook.headers.len() > 20 {
        faults.say(format!("{path}.headers"), "must be at most 20");
    }
    for (name, value) in &hook.headers {
        let token = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
        let own = [
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "upgrade",
        ];
        let lower = name.to_ascii_lowercase();
        if name.is_empty() || name.len() > 64 || !name.bytes().all(token) {
            faults.say(
                format!("{path}.headers"),
                "must have names of letters, digits, - and _",
            );
        } else if own.contains(&lower.as_str()) || lower.starts_with("tidemark-") {
            faults.say(
                format!("{path}.headers"),
                format!("{name} is set by the console itself"),
            );
        } else if value.len() > 1000 || value.bytes().any(|b| !(b' '..=b'~').contains(&b)) {
            faults.say(
                format!("{path}.headers"),
                format!("{name} must be at most 1000 printable ASCII characters"),
            );
        }
    }
    if let Some(secret) = &hook.secret {
        check_name(faults, &format!("{path}.secret"), secret);
    }
    for (at, status) in hook.expect_status.iter().enumerate() {
        if !(200..600).contains(status) {
            faults.say(
                format!("{path}.expect_status[{at}]"),
                "must be a status from 200 to 599",
            );
        }
    }
    if !(1..=120).contains(&hook.deadline_seconds()) {
        faults.say(format!("{path}.deadline_seconds"), "must be 1 to 120");
    }
    if let Some(poll) = &hook.poll {
        if !(1..=300).contains(&poll.every_seconds()) {
            faults.say(format!("{path}.poll.every_seconds"), "must be 1 to 300");
        }
        if poll.equals.is_array() || poll.equals.is_object() {
            faults.say(
                format!("{path}.poll.equals"),
                "must be text, a number, true, false or null",
            );
        }
    }
}

fn windows(faults: &mut Faults, set: &SetManifest) {
    if set.windows.len() > MOST_WINDOWS {
        faults.say("windows", format!("must be at most {MOST_WINDOWS}"));
        return;
    }
    for (at, window) in set.windows.iter().enumerate() {
        let path = format!("windows[{at}]");
        check_name(faults, &format!("{path}.name"), &window.name);
        if set.windows[..at]
            .iter()
            .any(|earlier| earlier.name == window.name)
        {
            faults.say(
                format!("{path}.name"),
                "is the name of an earlier window too",
            );
        }
        if !(1..=10_080).contains(&window.minutes) {
            faults.say(format!("{path}.minutes"), "must be 1 to 10080, a week");
        }
        if window.zone().is_none() {
            faults.say(
                format!("{path}.time_zone"),
                "must be the name of a time zone such as Europe/Berlin",
            );
        }
        let member = window.member.as_deref();
        let known = |name: &str| set.members.iter().any(|member| member.name == name);
        match (window.kind, member) {
            (WindowKind::Cold, Some(_)) => {
                faults.say(format!("{path}.member"), "a cold window is the whole set's");
            }
            (_, Some(name)) if !known(name) => {
                let names: Vec<&str> = set.members.iter().map(|m| m.name.as_str()).collect();
                let near = crate::strict::nearest(name, &names);
                let hint = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
                faults.say(
                    format!("{path}.member"),
                    format!("is no member of the set{hint}"),
                );
            }
            _ => {}
        }
    }
}

impl Window {
    /// The zone of the schedule; none when there is none of that name.
    pub fn zone(&self) -> Option<TimeZone> {
        match self.time_zone.as_deref() {
            None | Some("UTC" | "Etc/UTC") => Some(TimeZone::UTC),
            Some(name) => TimeZone::get(name).ok(),
        }
    }
}

fn exclusions(faults: &mut Faults, set: &SetManifest) {
    let Some(exclude) = &set.exclude else { return };
    for (list, names) in [
        ("names", &exclude.names),
        ("directories", &exclude.directories),
    ] {
        if names.len() > 50 {
            faults.say(format!("exclude.{list}"), "must be at most 50");
        }
        for (at, name) in names.iter().enumerate() {
            let stars = name.matches('*').count();
            let star = list == "names" && stars == 1 && name.ends_with('*') && name.len() > 1;
            if name.is_empty()
                || name.len() > 255
                || name == ".."
                || name.contains('/')
                || name.chars().any(char::is_control)
                || (stars > 0 && !star)
            {
                let rule = if list == "names" {
                    "must be a file's name without /, with at most one * at its end"
                } else {
                    "must be a directory's name without / and *"
                };
                faults.say(format!("exclude.{list}[{at}]"), rule);
            }
        }
    }
}
