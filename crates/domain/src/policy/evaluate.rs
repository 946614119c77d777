use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Document, Effect, Statement, Who,
    condition::{Holds, hold},
    wildcard,
};
use crate::Arn;

/// A question to a policy: whether it lets a role or user do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// ARN of the role or user.
    pub principal: &'a Arn,
    /// As IAM names it, for example `s3:GetObject`.
    pub action: &'a str,
    /// ARN of what it is done to.
    pub resource: &'a str,
    /// What else is known of the request, by condition key.
    pub context: &'a BTreeMap<String, String>,
}

/// What a policy by itself says to a question. It says nothing of the policies of the one who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// A statement allows it.
    Allowed {
        /// The statement's label.
        by: String,
        /// It names the account as a whole: within the same account, the role's own policies must allow
        /// it as well.
        whole_account: bool,
    },
    /// A statement denies it, whatever else allows it.
    Denied {
        /// The statement's label.
        by: String,
    },
    /// No statement is about it.
    NotAllowed,
    /// It cannot be told from here.
    Unknown {
        /// The statement's label.
        by: String,
        /// What it depends on, in words.
        why: String,
    },
}

/// Asks a policy: a denial wins, then what allows; where a statement cannot be decided, the answer is
/// that it is unknown, with the reason.
///
/// Source: "Policy evaluation logic" in the IAM user guide.
pub fn evaluate(document: &Document, asked: &Asked<'_>) -> Answer {
    let known = known_of(asked);
    let mut allowed: Option<Answer> = None;
    let mut maybe_allowed: Option<Answer> = None;
    let mut maybe_denied: Option<Answer> = None;
    for (index, statement) in document.statements().enumerate() {
        let by = statement.label(index);
        match (&statement.effect, fits(statement, asked, &known)) {
            (Effect::Other, _) | (_, (Holds::No, _)) => {}
            (Effect::Deny, (Holds::Yes, _)) => return Answer::Denied { by },
            (Effect::Allow, (Holds::Yes, whole_account)) => {
                let names_it = matches!(
                    allowed,
                    Some(Answer::Allowed {
                        whole_account: false,
                        ..
                    })
                );
                if !names_it {
                    allowed = Some(Answer::Allowed { by, whole_account });
                }
            }
            (effect, (Holds::Depends(why), _)) => {
                let why = why.join("; ");
                let slot = if *effect == Effect::Deny {
                    &mut maybe_denied
                } else {
                    &mut maybe_allowed
                };
                slot.get_or_insert(Answer::Unknown { by, why });
            }
        }
    }
    match (allowed, maybe_denied, maybe_allowed) {
        (Some(_), Some(denied), _) => denied,
        (Some(allowed), None, _) => allowed,
        (None, _, Some(unknown)) => unknown,
        (None, _, None) => Answer::NotAllowed,
    }
}

/// What is known of any request that a role or user makes with the SDK.
fn known_of(asked: &Asked<'_>) -> BTreeMap<String, String> {
    let account = asked.principal.account();
    let mut known = BTreeMap::from([
        (
            "aws:principalarn".to_owned(),
            asked.principal.as_str().to_owned(),
        ),
        ("aws:principalaccount".to_owned(), account.to_owned()),
        ("aws:securetransport".to_owned(), "true".to_owned()),
        ("aws:principalisawsservice".to_owned(), "false".to_owned()),
        ("aws:viaawsservice".to_owned(), "false".to_owned()),
    ]);
    if asked.principal.resource().starts_with("role/") {
        known.insert("aws:principaltype".to_owned(), "AssumedRole".to_owned());
    }
    for (key, value) in asked.context {
        known.insert(key.to_lowercase(), value.clone());
    }
    known
}

/// Whether a statement is about the question, and whether only by naming the whole account.
fn fits(
    statement: &Statement,
    asked: &Asked<'_>,
    known: &BTreeMap<String, String>,
) -> (Holds, bool) {
    let is_odd = |name: &str| statement.odd.iter().any(|odd| odd == name);
    let unreadable = || Holds::Depends(vec!["it cannot be read".to_owned()]);
    let action = match &statement.actions {
        Some(listed) => {
            let found = listed
                .list
                .iter()
                .any(|pattern| wildcard::matches_any_case(pattern, asked.action));
            yes_or_no(found != listed.not)
        }
        None if is_odd("Action") || is_odd("NotAction") => unreadable(),
        None => Holds::No,
    };
    let resource = match &statement.resources {
        Some(listed) => {
            let found = listed
                .list
                .iter()
                .map(|pattern| resource_matches(pattern, asked.resource))
                .fold(Holds::No, Holds::or);
            if listed.not { negated(found) } else { found }
        }
        None if is_odd("Resource") || is_odd("NotResource") => unreadable(),
        None => Holds::No,
    };
    let (who, whole_account) = match &statement.who {
        Some(who) => principal_matches(who, asked.principal),
        None if is_odd("Principal") || is_odd("NotPrincipal") => (unreadable(), false),
        None => (Holds::No, false),
    };
    let conditions = if is_odd("Condition") {
        unreadable()
    } else {
        hold(&statement.conditions, known)
    };
    (action.and(resource).and(who).and(conditions), whole_account)
}

fn yes_or_no(yes: bool) -> Holds {
    if yes { Holds::Yes } else { Holds::No }
}

fn negated(holds: Holds) -> Holds {
    match holds {
        Holds::Yes => Holds::No,
        Holds::No => Holds::Yes,
        depends @ Holds::Depends(_) => depends,
    }
}

fn resource_matches(pattern: &str, resource: &str) -> Holds {
    let Some(variable) = pattern.find("${") else {
        return yes_or_no(wildcard::matches(pattern, resource));
    };
    // What stands before the variable can be told; what AWS puts in cannot.
    let before = format!("{}*", pattern.get(..variable).unwrap_or_default());
    if wildcard::matches(&before, resource) {
        Holds::Depends(vec![format!("its resource {pattern} has a variable")])
    } else {
        Holds::No
    }
}

/// Whether the principal is one of those named, and whether only its account is.
fn principal_matches(who: &Who, principal: &Arn) -> (Holds, bool) {
    let account = principal.account();
    if who.not {
        let listed =
            |id: &str| id == "*" || id == principal.as_str() || id == account || is_of(id, account);
        return if who.list.iter().any(|one| listed(&one.id)) {
            let why = "it is for all but those whom it lists, and lists somebody of this account";
            (Holds::Depends(vec![why.to_owned()]), false)
        } else {
            (Holds::Yes, false)
        };
    }
    let mut found = Holds::No;
    let mut whole_account = false;
    for one in &who.list {
        match one.kind.as_str() {
            "AWS" if one.id == "*" || one.id == principal.as_str() => return (Holds::Yes, false),
            "AWS" if one.id == account || is_root(&one.id, account) => {
                whole_account = true;
                found = Holds::Yes;
            }
            "AWS" if is_session(&one.id, principal) => {
                let why = format!("it is only for the session {}", one.id);
                found = found.or(Holds::Depends(vec![why]));
            }
            "AWS" if is_unique_id(&one.id) => {
                let why = format!("it names {}, the id of some role or user", one.id);
                found = found.or(Holds::Depends(vec![why]));
            }
            "CanonicalUser" => {
                let why = "it names an account by its canonical id".to_owned();
                found = found.or(Holds::Depends(vec![why]));
            }
            _ => {}
        }
    }
    (found, whole_account)
}

fn is_of(id: &str, account: &str) -> bool {
    id.split(':').nth(4) == Some(account)
}

fn is_root(id: &str, account: &str) -> bool {
    is_of(id, account) && id.ends_with(":root")
}

fn is_session(id: &str, principal: &Arn) -> bool {
    let name = principal.resource().rsplit('/').next();
    id.split(':').nth(2) == Some("sts")
        && is_of(id, principal.account())
        && id.split('/').nth(1) == name
}

/// `AROA…` or `AIDA…`: what S3 shows once the role or user of that id was deleted.
pub(super) fn is_unique_id(id: &str) -> bool {
    id.len() >= 16
        && (id.starts_with("AROA") || id.starts_with("AIDA"))
        && id
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}
