//! Whether the conditions of a statement hold, as far as that can be told beforehand.

use std::collections::BTreeMap;

use super::{statement::Condition, wildcard};

/// What can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Yes,
    No,
    /// It depends on what is named.
    Depends(Vec<String>),
}

impl Holds {
    /// Both hold.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Depends(mut one), Self::Depends(other)) => {
                one.extend(other);
                Self::Depends(one)
            }
            (depends @ Self::Depends(_), _) | (_, depends @ Self::Depends(_)) => depends,
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    /// One of both holds.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Depends(mut one), Self::Depends(other)) => {
                one.extend(other);
                Self::Depends(one)
            }
            (depends @ Self::Depends(_), _) | (_, depends @ Self::Depends(_)) => depends,
            (Self::No, Self::No) => Self::No,
        }
    }

    fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// Keys that only a call by a service has: a role's own call carries none of them.
const OF_SERVICES: [&str; 4] = [
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
];

/// Whether all conditions hold for a request of which this much is known; keys in lower case.
pub(super) fn hold(conditions: &[Condition], known: &BTreeMap<String, String>) -> Holds {
    conditions.iter().fold(Holds::Yes, |all, condition| {
        all.and(holds(condition, known))
    })
}

fn holds(condition: &Condition, known: &BTreeMap<String, String>) -> Holds {
    let depends = || Holds::Depends(vec![format!("it depends on {}", condition.key)]);
    let key = condition.key.to_lowercase();
    let absent = OF_SERVICES.contains(&key.as_str());
    let value = known.get(&key);
    let operator = condition.operator.to_lowercase();
    // Of keys with many values it is not known which they will be.
    if operator.contains(':') {
        return depends();
    }
    let (operator, if_exists) = match operator.strip_suffix("ifexists") {
        Some(operator) => (operator, true),
        None => (operator.as_str(), false),
    };
    if operator == "null" {
        let wants_absent = condition.values.iter().any(|value| value == "true");
        return match (absent, value) {
            (true, _) => Holds::of(wants_absent),
            (false, Some(_)) => Holds::of(!wants_absent),
            (false, None) => depends(),
        };
    }
    let negated = operator.contains("not");
    if absent {
        return Holds::of(if_exists || negated);
    }
    let Some(value) = value else {
        return depends();
    };
    // What AWS puts in when it is asked is not known here.
    if condition.values.iter().any(|value| value.contains("${")) {
        return depends();
    }
    let any = |same: fn(&str, &str) -> bool| {
        let found = condition.values.iter().any(|wanted| same(wanted, value));
        Holds::of(found != negated)
    };
    match operator {
        "stringequals" | "stringnotequals" => any(|wanted, value| wanted == value),
        "stringequalsignorecase" | "stringnotequalsignorecase" | "bool" => {
            any(str::eq_ignore_ascii_case)
        }
        "stringlike" | "stringnotlike" | "arnequals" | "arnlike" | "arnnotequals"
        | "arnnotlike" => any(wildcard::matches),
        _ => depends(),
    }
}
