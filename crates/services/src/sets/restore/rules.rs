use std::collections::HashMap;

use jiff::Timestamp;
use tidemark_domain::{
    Check,
    sets::{OrderRule, SetManifest, SetRestoreRequest},
};

const NAME: &str = "The moments belong together";

/// Whether the chosen moments satisfy the rules of the set; what is left out is not looked at.
pub(super) fn check(set: &SetManifest, request: &SetRestoreRequest) -> Check {
    let moments: HashMap<&str, Timestamp> = request
        .members
        .iter()
        .filter(|wish| !wish.leave_out)
        .map(|wish| (wish.member.as_str(), wish.at))
        .collect();
    let broken: Vec<String> = set
        .order
        .iter()
        .filter_map(|rule| broken(rule, &moments))
        .collect();
    if !broken.is_empty() {
        return Check::fail(
            NAME,
            broken.join(" "),
            "Choose one of the combinations that are offered for the set.",
        );
    }
    let unchecked = set.order.iter().any(|rule| {
        let names = rule.member.iter().chain(&rule.no_later_than);
        let mut names = names.chain(&rule.same_second);
        names.any(|name| !moments.contains_key(name.as_str()))
    });
    if unchecked {
        return Check::warn(
            NAME,
            "A rule of the set is about a member that is left out: it was not checked for that one.",
            "Restore what is left out to a moment that fits the others.",
        );
    }
    Check::pass(NAME, "Every rule of the set holds.")
}

fn broken(rule: &OrderRule, moments: &HashMap<&str, Timestamp>) -> Option<String> {
    let of = |name: &String| Some((name.clone(), *moments.get(name.as_str())?));
    if let Some(member) = &rule.member {
        let (_, at) = of(member)?;
        let (oldest, bound) = rule
            .no_later_than
            .iter()
            .filter_map(of)
            .min_by_key(|(_, at)| *at)?;
        return (at > bound).then(|| {
            format!("{member} would come back to {at}, which is later than {oldest} with {bound}.")
        });
    }
    let seconds = rule.same_second.iter().filter_map(of);
    let seconds: Vec<i64> = seconds.map(|(_, at)| at.as_second()).collect();
    seconds.windows(2).any(|two| two[0] != two[1]).then(|| {
        format!(
            "{} have to come back to one second.",
            rule.same_second.join(", ")
        )
    })
}
