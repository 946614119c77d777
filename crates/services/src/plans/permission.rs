use tidemark_domain::{Account, Check, Region, Verdict, plan::Finding};

use crate::{
    Services, accounts,
    calls::{self, SessionPolicy},
};

/// What the account's role lacks for a run over a plan. What cannot be asked is said as such.
pub(super) async fn missing(
    services: &Services,
    account: &Account,
    region: &Region,
    policies: &[SessionPolicy],
) -> Vec<Finding> {
    let target = accounts::reading(account, region);
    let policies: Vec<&SessionPolicy> = policies.iter().collect();
    calls::check(services, &target, &policies)
        .await
        .into_iter()
        .filter_map(finding)
        .collect()
}

/// What is worth saying of a policy that was made to fit.
pub(super) fn finding(check: Check) -> Option<Finding> {
    let detail = check.detail.trim_end_matches('.');
    let rule = match check.verdict {
        Verdict::Pass => return None,
        Verdict::Fail => format!("must let the console do this: {detail}"),
        Verdict::Warn => format!("may lack something: {detail}"),
        Verdict::Unknown => format!("may or may not let the console do this; {detail}"),
    };
    Some(Finding::new(check.verdict, "account", rule, check.fix))
}
