use super::{Effect, Listed, Principal, Statement, Who};

/// A statement in a sentence.
pub fn explain(statement: &Statement) -> String {
    let effect = match statement.effect {
        Effect::Allow => "Allows",
        Effect::Deny => "Denies",
        Effect::Other => "Neither allows nor denies",
    };
    let who = statement
        .who
        .as_ref()
        .map_or_else(|| "nobody that it names".to_owned(), whom);
    let actions = statement.actions.as_ref().map_or_else(
        || "nothing".to_owned(),
        |listed| everything_but(listed, "everything", str::to_owned),
    );
    let resources = statement.resources.as_ref().map_or_else(
        || "nothing".to_owned(),
        |listed| everything_but(listed, "everything", thing),
    );
    let mut text = format!("{effect} {who} {actions} on {resources}");
    let conditions: Vec<String> = statement
        .conditions
        .iter()
        .map(|condition| {
            let if_there = if condition.operator.to_lowercase().ends_with("ifexists") {
                " if it is there"
            } else {
                ""
            };
            format!(
                "{} {} {}{if_there}",
                condition.key,
                operator(&condition.operator),
                joined(&condition.values, "or")
            )
        })
        .collect();
    if !conditions.is_empty() {
        text = format!("{text}, where {}", joined(&conditions, "and"));
    }
    text.push('.');
    if !statement.odd.is_empty() {
        text = format!(
            "{text} It has {}, which cannot be understood.",
            joined(&statement.odd, "and")
        );
    }
    text
}

fn whom(who: &Who) -> String {
    let names: Vec<String> = who.list.iter().map(name).collect();
    match (who.not, who.is_everyone()) {
        (true, _) => format!("everyone but {}", joined(&names, "and")),
        (false, true) => "everyone".to_owned(),
        (false, false) => joined(&names, "and"),
    }
}

fn name(principal: &Principal) -> String {
    let id = &principal.id;
    let fields: Vec<&str> = id.splitn(6, ':').collect();
    match (principal.kind.as_str(), fields.as_slice()) {
        ("AWS", ["arn", _, "iam", _, account, "root"]) => format!("account {account}"),
        ("AWS", ["arn", _, "iam" | "sts", _, account, resource]) => {
            let (kind, name) = resource.split_once('/').unwrap_or(("", resource));
            match kind {
                "role" => format!("the role {name} of account {account}"),
                "user" => format!("the user {name} of account {account}"),
                _ => id.clone(),
            }
        }
        ("AWS", _) if id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()) => {
            format!("account {id}")
        }
        ("AWS", _) if id == "*" => "everyone".to_owned(),
        ("Service", _) => format!("the service {id}"),
        _ => id.clone(),
    }
}

fn thing(resource: &str) -> String {
    let bucket = resource
        .split_once(":s3:::")
        .map(|(_, bucket)| bucket.split_once('/').map_or((bucket, ""), |parts| parts));
    match bucket {
        Some((bucket, "")) => format!("the bucket {bucket}"),
        Some((bucket, "*")) => format!("every object of the bucket {bucket}"),
        Some((bucket, key)) => format!("the objects {key} of the bucket {bucket}"),
        None if resource == "*" => "everything".to_owned(),
        None => resource.to_owned(),
    }
}

fn everything_but(listed: &Listed, all: &str, words: impl Fn(&str) -> String) -> String {
    let names: Vec<String> = listed.list.iter().map(|one| words(one)).collect();
    if listed.not {
        format!("{all} but {}", joined(&names, "and"))
    } else {
        joined(&names, "and")
    }
}

/// `StringNotLike` as words: `is not like`.
fn operator(name: &str) -> String {
    let lower = name.to_lowercase();
    let (lower, some) = match lower.split_once(':') {
        Some(("forallvalues", rest)) => (rest.to_owned(), "every one "),
        Some((_, rest)) => (rest.to_owned(), "one "),
        None => (lower, ""),
    };
    let verb = match lower.strip_suffix("ifexists").unwrap_or(&lower) {
        "stringequals"
        | "arnequals"
        | "numericequals"
        | "dateequals"
        | "binaryequals"
        | "stringequalsignorecase"
        | "bool" => "is",
        "stringnotequals"
        | "arnnotequals"
        | "numericnotequals"
        | "datenotequals"
        | "stringnotequalsignorecase" => "is not",
        "stringlike" | "arnlike" => "is like",
        "stringnotlike" | "arnnotlike" => "is not like",
        "ipaddress" => "is within",
        "notipaddress" => "is not within",
        "numericlessthan" | "datelessthan" => "is less than",
        "numericlessthanequals" | "datelessthanequals" => "is at most",
        "numericgreaterthan" | "dategreaterthan" => "is more than",
        "numericgreaterthanequals" | "dategreaterthanequals" => "is at least",
        "null" => "is absent:",
        _ => return name.to_owned(),
    };
    format!("{some}{verb}")
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn joined(list: &[String], word: &str) -> String {
    match list {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., end] => format!("{} {word} {end}", first.join(", ")),
    }
}
