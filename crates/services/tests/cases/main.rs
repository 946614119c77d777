//! Files as people have them, each with the value that is right for it. They were written after public
//! reports; the numbers are those under which they were reported.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod cloudformation;
mod converted;
mod json;
mod neighbours;
mod organizations;
mod terraform;

use std::path::Path;

use tidemark_domain::{
    Invalid, Region,
    exchange::{ImportContext, PlanBundle, Reading, lint},
    plan::{Finding, PlanKnowledge},
};
use tidemark_services::exchange::read;

/// The text of a file under `plans`.
fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases/plans")
        .join(name);
    std::fs::read_to_string(path).unwrap()
}

fn context(parameters: &[(&str, &str)]) -> ImportContext {
    ImportContext {
        account: Some("111122223333".parse().unwrap()),
        region: Some("eu-west-1".parse().unwrap()),
        parameters: parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

fn try_reading(name: &str, parameters: &[(&str, &str)]) -> Result<Reading, Invalid> {
    read(&text(name), &context(parameters))
}

fn reading(name: &str, parameters: &[(&str, &str)]) -> Reading {
    try_reading(name, parameters).unwrap()
}

/// The one plan of a file.
fn plan(name: &str, parameters: &[(&str, &str)]) -> PlanBundle {
    let mut reading = reading(name, parameters);
    assert_eq!(reading.plans.len(), 1, "{name}");
    reading.plans.remove(0)
}

/// What a lint finds in the one plan of a file.
fn findings(name: &str) -> Vec<Finding> {
    linted(&plan(name, &[]))
}

fn linted(bundle: &PlanBundle) -> Vec<Finding> {
    let context = context(&[]);
    let known = PlanKnowledge {
        home: context.account.zip(context.region),
        now: Some("2026-11-30T12:00:00Z".parse().unwrap()),
        ..PlanKnowledge::default()
    };
    lint(bundle, &known)
}

fn errors(findings: &[Finding]) -> Vec<&str> {
    findings
        .iter()
        .filter(|finding| finding.is_error())
        .map(|finding| finding.field.as_str())
        .collect()
}

/// The finding about a field.
fn about<'a>(findings: &'a [Finding], field: &str) -> &'a Finding {
    findings
        .iter()
        .find(|finding| finding.field == field)
        .unwrap_or_else(|| unreachable!("nothing about {field}: {findings:#?}"))
}

fn region(name: &str) -> Region {
    name.parse().unwrap()
}
